import { z } from 'zod';
import { SluiceError } from '../../shared/errors';
import { PUBLIC_PHASES } from '../../shared/phases';
import { canceledSchema, cancelManySchema, resolveSchema } from '../../shared/wire/decide';
import { type Plan, planSchema } from '../../shared/wire/plan';
import { taskListSchema } from '../../shared/wire/service';
import { type PlanRequest, planRequestSchema, submitSchema } from '../../shared/wire/submit';
import { taskSchema } from '../../shared/wire/task';
import { limitNotes } from '../tasks/limit-notes';
import { withNotebook } from '../tasks/with-notebook';
import { goneSignal } from './gone-signal';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const idParams = z.object({ id: z.string() });
const listQuery = z.object({
  state: z.enum(PUBLIC_PHASES).optional(),
  limit: z.coerce.number().int().positive().max(10_000).default(200),
  /** Those that are older than this task: the next page. */
  before: z.string().optional()
});

/** What a plan's bundle holds; without any Python there is only the cell. */
function bundleOf(request: PlanRequest): PlanRequest {
  return request.capture === null ? request : withNotebook(request).request;
}

/** What goes beyond the limits that the doctor learned is worth a look; nothing is refused for it. */
async function noteLimits(
  { targets, limits }: RouteContext,
  plan: Plan,
  { projectDir }: PlanRequest
): Promise<Plan> {
  const known = limits.find(await targets.find(plan.target, projectDir));
  return known === null
    ? plan
    : { ...plan, notes: [...plan.notes, ...limitNotes(known, plan.resources)] };
}

/** Submit, plan, status, list, cancel. */
export function addTaskRoutes(app: TypedApp, context: RouteContext): void {
  const { tasks, presence, rehearser, desk } = context;
  const submit = { body: submitSchema, response: { 200: taskSchema } };
  app.post('/api/submit', { schema: submit }, async request => {
    if (presence.draining) {
      throw new SluiceError('draining');
    }
    return tasks.submit(request.body, isAttended(request, desk));
  });

  const plan = { body: planRequestSchema, response: { 200: planSchema } };
  app.post('/api/plan', { schema: plan }, async (request, reply) => {
    const { body } = request;
    if (body.rehearse && presence.draining) {
      throw new SluiceError('draining');
    }
    const gone = goneSignal(reply.raw);
    const planned = await noteLimits(
      context,
      await tasks.plan(body, isAttended(request, desk)),
      body
    );
    const isWanted = body.rehearse && !gone.aborted;
    const rehearsal = isWanted
      ? await rehearser.rehearse(bundleOf(body), planned.target, gone)
      : null;
    return { ...planned, rehearsal };
  });

  const status = { params: idParams, response: { 200: taskSchema } };
  app.get('/api/status/:id', { schema: status }, async ({ params }) =>
    tasks.view(tasks.get(params.id))
  );

  const list = { querystring: listQuery, response: { 200: taskListSchema } };
  app.get('/api/tasks', { schema: list }, async ({ query }) => ({ tasks: tasks.list(query) }));

  const cancel = { params: idParams, response: { 200: taskSchema } };
  app.post('/api/cancel/:id', { schema: cancel }, async request =>
    tasks.cancel(request.params.id, isAttended(request, desk))
  );

  const cancelMany = { body: cancelManySchema, response: { 200: canceledSchema } };
  app.post('/api/cancel', { schema: cancelMany }, async request => ({
    tasks: tasks.cancelMany(request.body.ids, isAttended(request, desk))
  }));

  const resolve = { params: idParams, body: resolveSchema, response: { 200: taskSchema } };
  app.post('/api/resolve/:id', { schema: resolve }, async request => {
    const { choice } = request.body;
    if (choice === 'run-again' && presence.draining) {
      throw new SluiceError('draining');
    }
    return tasks.resolve(request.params.id, choice, isAttended(request, desk));
  });
}
