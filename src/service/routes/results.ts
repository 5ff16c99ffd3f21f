import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { isTerminal } from '../../shared/phases';
import type { OutputFile } from '../tasks/output-files';
import { goneSignal } from './gone-signal';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ id: z.string() });
const output = params.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const MIME = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;

/** The type that the worker named, where it is one. */
function contentType(mime: string, form: OutputFile['form']): string {
  const type = MIME.test(mime) ? mime : 'application/octet-stream';
  return form === 'base64' ? type : `${type}; charset=utf-8`;
}

type Range = { start: number; end: number };

/** One `bytes=a-b` or `bytes=a-` range within a text; null: the whole. */
export function parseRange(header: string | undefined, size: number): Range | null {
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  if (match === null) {
    return null;
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return { start, end };
}

/** `GET /api/logs/{id}`, `GET /api/outputs/{id}/{sha256}` and `GET /api/fetch/{id}`. */
export function addResultRoutes(app: TypedApp, context: RouteContext): void {
  const { taskLog, outputs, archive, files, tasks, desk } = context;
  app.get('/api/logs/:id', { schema: { params } }, async (request, reply) => {
    const log = await taskLog.open(tasks.get(request.params.id));
    reply.header('content-type', 'text/plain; charset=utf-8').header('accept-ranges', 'bytes');
    reply.header('x-content-type-options', 'nosniff');
    const { bytes } = log;
    const range = parseRange(request.headers.range, bytes);
    if (range === null) {
      return reply.header('content-length', bytes).send(log.stream(0, bytes));
    }
    const { start, end } = range;
    if (start > end) {
      return reply.status(416).header('content-range', `bytes */${bytes}`).send('');
    }
    reply.status(206).header('content-range', `bytes ${start}-${end}/${bytes}`);
    return reply.header('content-length', end + 1 - start).send(log.stream(start, end + 1));
  });

  app.get('/api/outputs/:id/:sha256', { schema: { params: output } }, async (request, reply) => {
    const { id, sha256 } = request.params;
    const record = tasks.get(id);
    const { place, target } = record;
    const mayAsk = place !== null && isAttended(request, desk);
    const done = mayAsk ? desk.allow(place, target) : () => undefined;
    const { path, bytes, mime, form } = await outputs.get(record, sha256).finally(done);
    // Its words come from the cluster: no browser shall take it for a page of this one.
    reply
      .header('content-type', contentType(mime, form))
      .header('content-length', bytes)
      .header('content-disposition', `attachment; filename="${sha256}"`)
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('x-content-type-options', 'nosniff');
    return reply.send(createReadStream(path));
  });

  app.get('/api/fetch/:id', { schema: { params } }, async (request, reply) => {
    const { id } = request.params;
    const record = tasks.get(id);
    const { place, target } = record;
    const mayAsk = place !== null && isAttended(request, desk);
    const done = mayAsk ? desk.allow(place, target) : () => undefined;
    const tar = await archive.read(record, goneSignal(reply.raw)).finally(done);
    reply.raw.once('finish', () => {
      // A stream that was cut never finishes, and what a job may still change is not all there is.
      if (tar.readableEnded && isTerminal(record.phase)) {
        files.noteTaken(record);
      }
    });
    reply.header('content-type', 'application/x-tar');
    return reply.header('content-disposition', `attachment; filename="${id}.tar"`).send(tar);
  });
}
