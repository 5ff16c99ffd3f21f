import { z } from 'zod';
import {
  promptAnsweredSchema,
  promptAnswerSchema,
  type PromptList,
  promptListSchema
} from '../../shared/wire/prompt';
import type { LoginDesk } from '../logins/login-desk';
import { goneSignal } from './gone-signal';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const LONGEST_WAIT_MS = 60_000;

const params = z.object({ id: z.string() });
const querystring = z.object({
  /** What the client has; another revision is news, and so is any without it. */
  revision: z.coerce.number().optional(),
  waitMs: z.coerce.number().int().nonnegative().max(LONGEST_WAIT_MS).default(0)
});

/** Resolves with the next change, when the time is over, or when nobody waits any more. */
async function nextChange(desk: LoginDesk, waitMs: number, gone: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      gone.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    const stop = desk.listen({ changed: done });
    gone.addEventListener('abort', done);
  });
}

/** `GET /api/prompts` and `POST /api/prompts/{id}`. What is typed is in no answer and no log. */
export function addPromptRoutes(app: TypedApp, { desk }: RouteContext): void {
  const list = { querystring, response: { 200: promptListSchema } };
  const open = (): PromptList => ({ prompts: desk.open, revision: desk.revision });
  app.get('/api/prompts', { schema: list }, async ({ query }, reply) => {
    const { waitMs, revision } = query;
    if (waitMs > 0 && revision === desk.revision) {
      await nextChange(desk, waitMs, goneSignal(reply.raw));
    }
    return open();
  });

  const answer = { params, body: promptAnswerSchema, response: { 200: promptAnsweredSchema } };
  app.post('/api/prompts/:id', { schema: answer }, async request => {
    const { id } = request.params;
    desk.answer(id, request.body.answers);
    return { id };
  });
}
