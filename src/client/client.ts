import type { PublicPhase } from '../shared/phases';
import type { AdoptInput, AdoptReport } from '../shared/wire/adopt';
import type { CleanInput, CleanReport } from '../shared/wire/clean';
import type { Connection } from '../shared/wire/connection';
import type { Consent, TrustAnswer } from '../shared/wire/decide';
import type { DoctorReport, DoctorRequest } from '../shared/wire/doctor';
import type { FileAction, FileList } from '../shared/wire/files';
import type { Plan } from '../shared/wire/plan';
import type { Prompt, PromptAnswer, PromptList } from '../shared/wire/prompt';
import type { CaptureKit, EventBatch, Health, Targets } from '../shared/wire/service';
import type { PlanInput, SubmitInput } from '../shared/wire/submit';
import type { Choice, HomeVariable, Task } from '../shared/wire/task';
import { Requester, type RequesterOptions } from './requester';
import type { IWebResponse } from './web';

/** As a client writes it: what has a default may be absent. */
export type DoctorInput = Pick<DoctorRequest, 'target'> & Partial<DoctorRequest>;
export type FileActionInput = Omit<FileAction, 'into'> & Partial<FileAction>;

export type TrustInput = Pick<TrustAnswer, 'trust'> & Partial<TrustAnswer>;

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
  /** Cancel many at once; null: every task that has not ended. The answer is those that it reached. */
  cancelMany(ids: readonly string[] | null): Promise<Task[]>;
  /** What a person decides about a task that is `unknown`; the answer is it, or the new one. */
  resolve(id: string, choice: Choice): Promise<Task>;
  /** The events after an index; waits up to `waitMs` for news, where the revision is the `known` one. */
  events(id: string, after: number, waitMs?: number, known?: number): Promise<EventBatch>;
  /** What the task printed; empty where the range begins behind its end. */
  logs(id: string, range?: LogRange): Promise<string>;
  /** The same unread, so that a part need not end with a whole character; 416 behind its end. */
  logPart(id: string, range: LogRange): Promise<Response>;
  /** A representation of an output that was too large for its event, unread. */
  output(id: string, sha256: string): Promise<Response>;
  /** Bring a value here that was kept, to be restored; `load` is the person's word for one that is withheld. */
  bringValue(id: string, request: { name: string; load?: boolean }): Promise<HomeVariable>;
  /** The person's answer, how far a target is trusted. */
  answerTrust(target: string, answer: TrustInput): Promise<void>;
  /** The person read what a project file asks for, and allows it. */
  consent(consent: Consent): Promise<void>;
  /** Take over jobs on a target of which nothing is known here, or look which there are. */
  adopt(target: string, request: AdoptInput): Promise<AdoptReport>;
  /** The task's files as a tar archive, unread: its body is the caller's. */
  fetch(id: string): Promise<Response>;
  /** The files that a task wrote, a page of them from `offset` on. */
  files(id: string, page?: { offset?: number; limit?: number }): Promise<FileList>;
  /** Fetch files, give them up, end what is being fetched, or look at some; `look` answers with these, the others with the first page. */
  actOnFiles(id: string, action: FileActionInput): Promise<FileList>;
  /** The questions of logins that nobody has answered. */
  prompts(): Promise<Prompt[]>;
  /** The same, once it is another revision than the one known, at the latest after `waitMs`. */
  promptNews(known: { revision?: number; waitMs: number }, signal?: Signal): Promise<PromptList>;
  /** One answer for each field, or null to give the login up. */
  answerPrompt(id: string, answers: PromptAnswer['answers']): Promise<void>;
  /** Connect to the host of a target; resolves when it is connected, after every question of it. */
  login(target: string, options?: LoginOptions<Signal>): Promise<Connection>;
  /** Give the connection up. */
  logout(target: string, options?: LoginOptions<Signal>): Promise<Connection>;
  /** Begin to look a target over; what it finds is asked for with `doctor`. */
  startDoctor(request: DoctorInput): Promise<DoctorReport>;
  /** The report, once it is newer than the version `after`, at the latest after `waitMs`. */
  doctor(id: string, after?: number, waitMs?: number, signal?: Signal): Promise<DoctorReport>;
  cancelDoctor(id: string): Promise<DoctorReport>;
  /** Write what the doctor proposes into the person's own configuration, as the target `name`. */
  saveDoctor(id: string, name: string): Promise<DoctorReport>;
  /** Take away what lies unused below a target's root, or say what would go. */
  clean(target: string, request: CleanInput): Promise<CleanReport>;
  /** Ask the service to leave for a newer one. */
  drain(): Promise<void>;
}

/** The project whose configuration counts too, and the caller's own end of the wait. */
export type LoginOptions<Signal = unknown> = { projectDir?: string | null; signal?: Signal };

/** Asking a cluster may take as long as its own commands do. */
const SLOW_MS = 180_000;
/** A rehearsal has a limit of its own, which the service keeps and says; this lies above it. */
const REHEARSAL_MS = 900_000;
/** A person has to find the phone; each question has a time of its own, which the service keeps. */
const LOGIN_MS = 900_000;
/** Large trees take their time to be counted and removed. */
const CLEAN_MS = 1_500_000;
/** Large values and outputs come over the person's own line. */
const LARGE_MS = 1_500_000;
const BEHIND_THE_END = 416;

const rangeHeader = ({ start, end }: LogRange): Record<string, string> => ({
  Range: `bytes=${start}-${end ?? ''}`
});

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

  const connect = async (
    verb: 'login' | 'logout',
    target: string,
    { projectDir = null, signal }: LoginOptions<Signal> = {}
  ): Promise<Connection> => {
    const path = idPath(verb, target);
    const call = {
      method: 'POST',
      path,
      body: { projectDir },
      timeoutMs: LOGIN_MS,
      signal
    } as const;
    return (await requester.json<{ connection: Connection }>(call)).connection;
  };

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
    cancelMany: async ids => (await post<{ tasks: Task[] }>('/api/cancel', { ids }, SLOW_MS)).tasks,
    resolve: (id, choice) => post(idPath('resolve', id), { choice }, SLOW_MS),
    events: (id, after, waitMs = 0, known) =>
      get(`${idPath('events', id)}${query({ after, waitMs, known })}`, SLOW_MS),
    logs: async (id, range) => {
      const headers = range && rangeHeader(range);
      const path = idPath('logs', id);
      const accept = [BEHIND_THE_END];
      const response = await requester.send({ path, headers, accept, timeoutMs: SLOW_MS });
      return response.status === BEHIND_THE_END ? '' : requester.text(response);
    },
    logPart: (id, range) =>
      requester.send({
        path: idPath('logs', id),
        headers: rangeHeader(range),
        accept: [BEHIND_THE_END],
        timeoutMs: SLOW_MS
      }),
    output: (id, sha256) =>
      requester.send({ path: `${idPath('outputs', id)}/${sha256}`, timeoutMs: LARGE_MS }),
    bringValue: (id, request) => post(idPath('values', id), request, LARGE_MS),
    answerTrust: async (target, body) => {
      await requester.send({ method: 'POST', path: idPath('trust', target), body });
    },
    consent: async body => {
      await requester.send({ method: 'POST', path: '/api/consent', body });
    },
    adopt: (target, request) => post(idPath('adopt', target), request, LARGE_MS),
    fetch: id => requester.send({ path: idPath('fetch', id), timeoutMs: SLOW_MS }),
    files: (id, page) => get(`${idPath('files', id)}${query({ ...page })}`),
    actOnFiles: (id, action) => post(idPath('files', id), action, SLOW_MS),
    prompts: async () => (await get<{ prompts: Prompt[] }>('/api/prompts')).prompts,
    promptNews: (known, signal) => {
      const path = `/api/prompts${query(known)}`;
      return requester.json({ path, timeoutMs: SLOW_MS, signal });
    },
    answerPrompt: async (id, answers) => {
      await requester.send({ method: 'POST', path: idPath('prompts', id), body: { answers } });
    },
    login: (target, options) => connect('login', target, options),
    logout: (target, options) => connect('logout', target, options),
    startDoctor: request => post('/api/doctor', request),
    doctor: (id, after = 0, waitMs = 0, signal) =>
      requester.json({
        path: `${idPath('doctor', id)}${query({ after, waitMs })}`,
        timeoutMs: SLOW_MS,
        signal
      }),
    cancelDoctor: id => post(`${idPath('doctor', id)}/cancel`, {}),
    saveDoctor: (id, name) => post(`${idPath('doctor', id)}/save`, { name }),
    clean: (target, request) => post(idPath('clean', target), request, CLEAN_MS),
    drain: async () => {
      await post('/api/drain', {});
    }
  };
}
