import type { PublicPhase } from '../shared/phases';
import type { Plan } from '../shared/wire/plan';
import type { CaptureKit, EventBatch, Health, Targets } from '../shared/wire/service';
import type { PlanInput, SubmitInput } from '../shared/wire/submit';
import type { Task } from '../shared/wire/task';
import { Requester, type RequesterOptions } from './requester';
import type { IWebResponse } from './web';

/** A part of a log, in bytes; without `end` to its end. */
export type LogRange = { start: number; end?: number };

/**
 * The service's REST interface. Every call has a deadline and fails with a `SluiceError` only: a
 * `ClientError` that is `isUnreachable`, or what the service said.
 */
export interface IClient<Response extends IWebResponse, Signal = unknown> {
  health(): Promise<Health>;
  /** The targets, with those of the project that holds this directory. */
  targets(projectDir?: string): Promise<Targets>;
  captureKit(filter?: { target?: string; projectDir?: string }): Promise<CaptureKit>;
  /** Hand over; safe to repeat, the same `requestId` is the same task. */
  submit(request: SubmitInput): Promise<Task>;
  /** A rehearsal takes as long as it takes; `signal` ends the wait. */
  plan(request: PlanInput, signal?: Signal): Promise<Plan>;
  task(id: string): Promise<Task>;
  tasks(filter?: { state?: PublicPhase; limit?: number }): Promise<Task[]>;
  cancel(id: string): Promise<Task>;
  /** The events after an index; waits up to `waitMs` for news. */
  events(id: string, after: number, waitMs?: number): Promise<EventBatch>;
  /** What the task printed; empty where the range begins behind its end. */
  logs(id: string, range?: LogRange): Promise<string>;
  /** The task's files as a tar archive, unread: its body is the caller's. */
  fetch(id: string): Promise<Response>;
  /** Ask the service to leave for a newer one. */
  drain(): Promise<void>;
}

/** Asking a cluster may take as long as its own commands do. */
const SLOW_MS = 180_000;
/** A rehearsal has a limit of its own, which the service keeps and says; this lies above it. */
const REHEARSAL_MS = 900_000;
const BEHIND_THE_END = 416;

const idPath = (verb: string, id: string): string => `/api/${verb}/${encodeURIComponent(id)}`;

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]
  );
  return given.length === 0 ? '' : `?${given.join('&')}`;
}

/** Make a client of the service. */
export function createClient<Response extends IWebResponse, Signal>(
  options: RequesterOptions<Response, Signal>
): IClient<Response, Signal> {
  const requester = new Requester(options);
  const get = <Body>(path: string, timeoutMs?: number): Promise<Body> =>
    requester.json<Body>({ path, timeoutMs });
  const post = <Body>(path: string, body: unknown, timeoutMs?: number): Promise<Body> =>
    requester.json<Body>({ method: 'POST', path, body, timeoutMs });

  return {
    health: () => get('/health'),
    targets: projectDir => get(`/api/targets${query({ projectDir })}`),
    captureKit: filter => get(`/api/capture-kit${query({ ...filter })}`),
    submit: request => post('/api/submit', request),
    plan: (body, signal) => {
      const timeoutMs = body.rehearse === true ? REHEARSAL_MS : SLOW_MS;
      return requester.json({ method: 'POST', path: '/api/plan', body, timeoutMs, signal });
    },
    task: id => get(idPath('status', id)),
    tasks: async filter =>
      (await get<{ tasks: Task[] }>(`/api/tasks${query({ ...filter })}`)).tasks,
    cancel: id => post(idPath('cancel', id), {}),
    events: (id, after, waitMs = 0) =>
      get(`${idPath('events', id)}${query({ after, waitMs })}`, SLOW_MS),
    logs: async (id, range) => {
      const headers = range && { Range: `bytes=${range.start}-${range.end ?? ''}` };
      const path = idPath('logs', id);
      const accept = [BEHIND_THE_END];
      const response = await requester.send({ path, headers, accept, timeoutMs: SLOW_MS });
      return response.status === BEHIND_THE_END ? '' : requester.text(response);
    },
    fetch: id => requester.send({ path: idPath('fetch', id), timeoutMs: SLOW_MS }),
    drain: async () => {
      await post('/api/drain', {});
    }
  };
}
