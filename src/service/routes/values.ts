import { z } from 'zod';
import { valueSchema } from '../../shared/wire/decide';
import { homeVariableSchema } from '../../shared/wire/task';
import { goneSignal } from './gone-signal';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ id: z.string() });

/** `POST /api/values/{id}`: answers once the value is here. */
export function addValueRoutes(app: TypedApp, { values, tasks, desk }: RouteContext): void {
  const bring = { params, body: valueSchema, response: { 200: homeVariableSchema } };
  app.post('/api/values/:id', { schema: bring }, async (request, reply) => {
    const record = tasks.get(request.params.id);
    const { place, target } = record;
    const mayAsk = place !== null && isAttended(request, desk);
    // A person waits for it, so the login that it needs may ask.
    const done = mayAsk ? desk.allow(place, target) : () => undefined;
    return values.bring(record, request.body, goneSignal(reply.raw)).finally(done);
  });
}
