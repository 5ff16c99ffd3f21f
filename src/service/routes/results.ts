import { z } from 'zod';
import { isTerminal } from '../../shared/phases';
import { goneSignal } from './gone-signal';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ id: z.string() });

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

/** `GET /api/logs/{id}` and `GET /api/fetch/{id}`. */
export function addResultRoutes(app: TypedApp, context: RouteContext): void {
  const { taskLog, archive, files, tasks, desk } = context;
  app.get('/api/logs/:id', { schema: { params } }, async (request, reply) => {
    const text = await taskLog.read(tasks.get(request.params.id));
    reply.header('content-type', 'text/plain; charset=utf-8').header('accept-ranges', 'bytes');
    const range = parseRange(request.headers.range, text.length);
    if (range === null) {
      return reply.send(text);
    }
    if (range.start > range.end) {
      return reply.status(416).header('content-range', `bytes */${text.length}`).send('');
    }
    reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${text.length}`);
    return reply.send(text.subarray(range.start, range.end + 1));
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
