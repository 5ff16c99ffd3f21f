import { Signal } from '@lumino/signaling';
import type { SluiceError } from '../../shared/errors';
import type { TaskEvent } from '../../shared/wire/events';
import type { Plan } from '../../shared/wire/plan';
import type { CaptureKit, Targets } from '../../shared/wire/service';
import type { PlanInput, SubmitInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import type { INewsStream, ISluiceService } from '../service';
import { makePlan } from './make-plan';
import { makeTask } from './make-task';

type Subscription = { task: string; after: number; listener: (event: TaskEvent) => void };

/** News that a spec delivers by hand. */
export class FakeStream implements INewsStream {
  isConnected = false;
  readonly connectedChanged = new Signal<this, boolean>(this);
  readonly taskChanged = new Signal<this, Task>(this);
  /** What is subscribed at present. */
  subscriptions: Subscription[] = [];

  start(): void {
    if (!this._isStarted) {
      this._isStarted = true;
      this.setConnected(true);
    }
  }

  setConnected(isConnected: boolean): void {
    if (isConnected !== this.isConnected) {
      this.isConnected = isConnected;
      this.connectedChanged.emit(isConnected);
    }
  }

  subscribe(task: string, after: number, listener: (event: TaskEvent) => void): () => void {
    const subscription = { task, after, listener };
    this.subscriptions.push(subscription);
    return () => {
      this.subscriptions = this.subscriptions.filter(one => one !== subscription);
    };
  }

  lease(task: string, tell: (isHeld: boolean) => void): () => void {
    this._leases.set(task, tell);
    tell(false);
    return () => {
      this._leases.delete(task);
    };
  }

  /** Whether the lease of a task is asked for. */
  isLeased(task: string): boolean {
    return this._leases.has(task);
  }

  /** Give the lease of a task to this page, or take it away. */
  grant(task: string, isHeld = true): void {
    this._leases.get(task)?.(isHeld);
  }

  /** Bring events to those who subscribed to their task, as the client does: after what they know. */
  deliver(events: readonly TaskEvent[]): void {
    for (const event of events) {
      for (const { task, after, listener } of [...this.subscriptions]) {
        if (task === event.task && event.index > after) {
          listener(event);
        }
      }
    }
  }

  private _isStarted = false;
  private readonly _leases = new Map<string, (isHeld: boolean) => void>();
}

/** A service that answers as a spec says, and remembers what it was asked. */
export class FakeService implements ISluiceService {
  readonly stream = new FakeStream();
  readonly submitted: SubmitInput[] = [];
  readonly canceled: string[] = [];
  readonly kitsAsked: { target?: string }[] = [];
  taskList: Task[] = [];
  logText = 'line 1\nline 2\n';
  /** When set, every call rejects with it. */
  failure: SluiceError | null = null;
  answerSubmit: (request: SubmitInput) => Task = request =>
    makeTask({ requestId: request.requestId, phase: 'preparing' });
  answerPlan: (request: PlanInput) => Plan = () => makePlan();

  async targets(): Promise<Targets> {
    this._check();
    const here = {
      scheduler: 'process',
      host: null,
      resources: {},
      source: 'built-in',
      connection: null,
      limits: null
    } as const;
    return {
      default: 'testbed',
      targets: [
        { name: 'testbed', trust: 'outputs', ...here },
        { name: 'stranger', trust: 'none', ...here }
      ],
      aliases: []
    };
  }

  async tasks(): Promise<Task[]> {
    this._check();
    return this.taskList;
  }

  async captureKit(filter: { target?: string } = {}): Promise<CaptureKit> {
    this._check();
    this.kitsAsked.push(filter);
    return {
      snippet: 'snippet',
      spool: '/spool',
      noncePath: '/nonce',
      maxVariableBytes: 1000,
      rehearsalNeedsConsent: false
    };
  }

  async submit(request: SubmitInput): Promise<Task> {
    this._check();
    this.submitted.push(request);
    return this.answerSubmit(request);
  }

  async plan(request: PlanInput, _signal?: AbortSignal): Promise<Plan> {
    this._check();
    return this.answerPlan(request);
  }

  async cancel(taskId: string): Promise<Task> {
    this._check();
    this.canceled.push(taskId);
    return makeTask({ id: taskId, cancelRequested: true });
  }

  async logs(): Promise<string> {
    this._check();
    return this.logText;
  }

  private _check(): void {
    if (this.failure) {
      throw this.failure;
    }
  }
}
