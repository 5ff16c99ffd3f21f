import type { ISignal } from '@lumino/signaling';
import { Token } from '@lumino/coreutils';
import type { IClient } from '../client/client';
import type { TaskEvent } from '../shared/wire/events';
import type { Plan } from '../shared/wire/plan';
import type { Prompt } from '../shared/wire/prompt';
import type { CaptureKit, Targets } from '../shared/wire/service';
import type { PlanInput, SubmitInput } from '../shared/wire/submit';
import type { Task } from '../shared/wire/task';

/**
 * News from the service, over one connection for the whole page. It connects by itself after
 * `start`, again after a loss, and then asks anew for all that was subscribed and leased.
 */
export interface INewsStream {
  readonly isConnected: boolean;
  readonly connectedChanged: ISignal<INewsStream, boolean>;
  /** Every change of any task; some may be missed while there is no connection. */
  readonly taskChanged: ISignal<INewsStream, Task>;
  /** A login asks something; those that are open come again with each connection. */
  readonly prompted: ISignal<INewsStream, Prompt>;
  /** A question is over; one that ended without a connection is not told. */
  readonly promptClosed: ISignal<INewsStream, string>;
  /** What the service knows of targets and connections changed. */
  readonly targetsChanged: ISignal<INewsStream, void>;
  /** Connect; may be called again without effect. */
  start(): void;
  /** Say, now and on each later connection, that a person sees the questions of logins here. */
  showPrompts(): void;
  /** Hear every event of a task after an index, once and in order; returns what ends it. */
  subscribe(taskId: string, after: number, listener: (event: TaskEvent) => void): () => void;
  /**
   * Ask for the right to write a task's outputs, and keep it. `tell` hears at once that it is not
   * held, and then each change; a lost connection loses it. Returns what gives it up.
   */
  lease(taskId: string, tell: (isHeld: boolean) => void): () => void;
}

/** What the page asks just as every other client does. */
type SameCalls =
  | 'prompts'
  | 'answerPrompt'
  | 'login'
  | 'startDoctor'
  | 'doctor'
  | 'cancelDoctor'
  | 'saveDoctor'
  | 'files'
  | 'actOnFiles'
  | 'cancelMany'
  | 'resolve'
  | 'logPart'
  | 'output'
  | 'bringValue'
  | 'answerTrust'
  | 'consent'
  | 'adopt';

/**
 * What the page asks of the service. Every call has a deadline of its own and rejects with a
 * `SluiceError` only, `server-missing` when the Jupyter server knows no `/sluice`.
 */
export interface ISluiceService extends Pick<IClient<Response, AbortSignal>, SameCalls> {
  readonly stream: INewsStream;
  /** The targets, with those of the project that holds this folder. */
  targets(projectDir?: string): Promise<Targets>;
  tasks(): Promise<Task[]>;
  /** What the kernel is asked with; limits are those of the target, else of the default one. */
  captureKit(filter?: { target?: string }): Promise<CaptureKit>;
  /** Hand over; safe to repeat, the same `requestId` is the same task. */
  submit(request: SubmitInput): Promise<Task>;
  /** What would travel; `signal` ends the wait, and with it a rehearsal. */
  plan(request: PlanInput, signal?: AbortSignal): Promise<Plan>;
  cancel(taskId: string): Promise<Task>;
}

/** The service, as the other plugins require it. */
export const ISluiceService = new Token<ISluiceService>(
  'jupyterlab-sluice:ISluiceService',
  'Requests to the Sluice service and its stream of news.'
);
