import { z } from 'zod';
import { fileActionSchema, fileListSchema } from '../../shared/wire/files';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ id: z.string() });
const PAGE = 200;
const page = z.object({
  offset: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().positive().max(5000).default(PAGE)
});

/** The files that a task wrote: `GET` and `POST /api/files/{id}`. */
export function addFileRoutes(app: TypedApp, { files, tasks, desk }: RouteContext): void {
  const list = { params, querystring: page, response: { 200: fileListSchema } };
  app.get('/api/files/:id', { schema: list }, async ({ params: { id }, query }) => {
    tasks.get(id);
    return files.page(id, query.offset, query.limit);
  });

  const act = { params, body: fileActionSchema, response: { 200: fileListSchema } };
  app.post('/api/files/:id', { schema: act }, async request => {
    const { body } = request;
    const record = tasks.get(request.params.id);
    const isAsking = body.action === 'fetch' && isAttended(request, desk);
    // A person waits for these files, so the login that they need may ask.
    const end = isAsking && record.place !== null ? desk.allow(record.place, record.target) : null;
    try {
      files.act(record, body);
    } catch (error) {
      end?.();
      throw error;
    }
    void files.settled(record.id).finally(() => end?.());
    return body.action === 'look' && body.paths !== null
      ? files.named(record.id, body.paths)
      : files.page(record.id, 0, PAGE);
  });
}
