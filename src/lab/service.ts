import type { ISignal } from '@lumino/signaling';
import { Token } from '@lumino/coreutils';
import type { ClientFrame, ServiceFrame } from '../shared/wire/frames';
import type { Plan } from '../shared/wire/plan';
import type { CaptureKit, Targets } from '../shared/wire/service';
import type { SubmitRequest } from '../shared/wire/submit';
import type { Task } from '../shared/wire/task';

/**
 * The service's frames, over one connection for the whole page. It connects by itself after
 * `start`, and again after a loss; whoever subscribed or leased does so anew on `connectedChanged`.
 */
export interface IFrameStream {
  readonly isConnected: boolean;
  readonly connectedChanged: ISignal<IFrameStream, boolean>;
  readonly received: ISignal<IFrameStream, ServiceFrame>;
  /** Connect; may be called again without effect. */
  start(): void;
  /** Send a frame; dropped while there is no connection. */
  send(frame: ClientFrame): void;
}

/**
 * What the page asks of the service. Every call has a deadline of its own and rejects with a
 * `SluiceError` only, `server-missing` when the Jupyter server knows no `/sluice`.
 */
export interface ISluiceService {
  readonly stream: IFrameStream;
  targets(): Promise<Targets>;
  tasks(): Promise<Task[]>;
  captureKit(): Promise<CaptureKit>;
  submit(request: SubmitRequest): Promise<Task>;
  plan(request: SubmitRequest): Promise<Plan>;
  cancel(taskId: string): Promise<Task>;
  /** The whole log as text. */
  log(taskId: string): Promise<string>;
}

/** The service, as the other plugins require it. */
export const ISluiceService = new Token<ISluiceService>(
  'jupyterlab-sluice:ISluiceService',
  'Requests to the Sluice service and its stream of frames.'
);
