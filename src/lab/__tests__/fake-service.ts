import { Signal } from '@lumino/signaling';
import { SluiceError } from '../../shared/errors';
import type { ClientFrame, ServiceFrame } from '../../shared/wire/frames';
import type { Plan } from '../../shared/wire/plan';
import type { CaptureKit, Targets } from '../../shared/wire/service';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import type { IFrameStream, ISluiceService } from '../service';
import { makeTask } from './make-task';

/** Frames that a spec delivers by hand. */
export class FakeStream implements IFrameStream {
  isConnected = false;
  readonly connectedChanged = new Signal<this, boolean>(this);
  readonly received = new Signal<this, ServiceFrame>(this);
  readonly sent: ClientFrame[] = [];

  start(): void {
    this.setConnected(true);
  }

  send(frame: ClientFrame): void {
    if (this.isConnected) {
      this.sent.push(frame);
    }
  }

  setConnected(isConnected: boolean): void {
    if (isConnected !== this.isConnected) {
      this.isConnected = isConnected;
      this.connectedChanged.emit(isConnected);
    }
  }

  deliver(...frames: ServiceFrame[]): void {
    frames.forEach(frame => this.received.emit(frame));
  }

  /** The frames of one kind that were sent so far, which are forgotten. */
  take<K extends ClientFrame['frame']>(kind: K): Extract<ClientFrame, { frame: K }>[] {
    const taken = this.sent.filter(
      (frame): frame is Extract<ClientFrame, { frame: K }> => frame.frame === kind
    );
    this.sent.splice(0, this.sent.length, ...this.sent.filter(frame => frame.frame !== kind));
    return taken;
  }
}

/** A service that answers as a spec says, and remembers what it was asked. */
export class FakeService implements ISluiceService {
  readonly stream = new FakeStream();
  readonly submitted: SubmitRequest[] = [];
  readonly canceled: string[] = [];
  taskList: Task[] = [];
  logText = 'line 1\nline 2\n';
  /** When set, every call rejects with it. */
  failure: SluiceError | null = null;
  answerSubmit: (request: SubmitRequest) => Task = request =>
    makeTask({ requestId: request.requestId, phase: 'preparing' });

  async targets(): Promise<Targets> {
    this._check();
    const here = { scheduler: 'process', host: null, resources: {}, source: 'built-in' } as const;
    return {
      default: 'testbed',
      targets: [
        { name: 'testbed', trust: 'outputs', ...here },
        { name: 'stranger', trust: 'none', ...here }
      ]
    };
  }

  async tasks(): Promise<Task[]> {
    this._check();
    return this.taskList;
  }

  async captureKit(): Promise<CaptureKit> {
    this._check();
    return { snippet: 'snippet', spool: '/spool', noncePath: '/nonce', maxVariableBytes: 1000 };
  }

  async submit(request: SubmitRequest): Promise<Task> {
    this._check();
    this.submitted.push(request);
    return this.answerSubmit(request);
  }

  async plan(): Promise<Plan> {
    throw new Error('not asked for in specs');
  }

  async cancel(taskId: string): Promise<Task> {
    this._check();
    this.canceled.push(taskId);
    return makeTask({ id: taskId, cancelRequested: true });
  }

  async log(): Promise<string> {
    this._check();
    return this.logText;
  }

  private _check(): void {
    if (this.failure) {
      throw this.failure;
    }
  }
}
