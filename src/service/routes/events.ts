import { z } from 'zod';
import { isTerminal } from '../../shared/phases';
import { type EventBatch, eventBatchSchema } from '../../shared/wire/service';
import { EventConnection } from './event-connection';
import { goneSignal } from './gone-signal';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const LONGEST_WAIT_MS = 60_000;
const BATCH = 1000;

const params = z.object({ id: z.string() });
const querystring = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  waitMs: z.coerce.number().int().nonnegative().max(LONGEST_WAIT_MS).default(0),
  /** The revision that the client has; another one is news. */
  known: z.coerce.number().optional()
});

type Question = {
  id: string;
  after: number;
  waitMs: number;
  known?: number;
  signal: AbortSignal;
};

function batch({ tasks, desk }: RouteContext, id: string, after: number): EventBatch {
  return {
    task: tasks.view(tasks.get(id)),
    events: tasks.eventsAfter(id, after, BATCH),
    prompts: desk.open,
    revision: desk.revision + tasks.revision(id)
  };
}

function isNews({ task, events, revision }: EventBatch, { known = revision }: Question): boolean {
  return events.length > 0 || isTerminal(task.phase) || revision !== known;
}

/** One batch; waits for news of the task, or of prompts, when there is none. */
async function nextBatch(context: RouteContext, question: Question): Promise<EventBatch> {
  const { id, after, waitMs, signal } = question;
  const first = batch(context, id, after);
  if (isNews(first, question) || waitMs === 0) {
    return first;
  }
  const stopViewing = context.presence.view(id);
  await new Promise<void>(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      stopPrompts();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    const stop = context.tasks.listen({
      task: task => {
        if (task.id === id) {
          done();
        }
      },
      events: task => {
        if (task === id) {
          done();
        }
      }
    });
    const stopPrompts = context.desk.listen({ changed: done });
    signal.addEventListener('abort', done);
  });
  stopViewing();
  return batch(context, id, after);
}

/** `WebSocket /api/events`, and the long poll for clients without one. */
export function addEventRoutes(app: TypedApp, context: RouteContext): void {
  app.get('/api/events', { websocket: true }, socket => {
    new EventConnection(socket, context);
  });

  const schema = { params, querystring, response: { 200: eventBatchSchema } };
  app.get('/api/events/:id', { schema }, async (request, reply) => {
    const signal = goneSignal(reply.raw);
    return nextBatch(context, { id: request.params.id, ...request.query, signal });
  });
}
