import { Signal } from '@lumino/signaling';
import type {
  DoctorInput,
  FileActionInput,
  LoginOptions,
  LogRange,
  TrustInput
} from '../../client/client';
import type { SluiceError } from '../../shared/errors';
import type { AdoptInput, AdoptReport } from '../../shared/wire/adopt';
import type { Connection } from '../../shared/wire/connection';
import type { Consent } from '../../shared/wire/decide';
import type { DoctorReport } from '../../shared/wire/doctor';
import type { TaskEvent } from '../../shared/wire/events';
import type { FileList } from '../../shared/wire/files';
import type { Plan } from '../../shared/wire/plan';
import type { Prompt } from '../../shared/wire/prompt';
import type { CaptureKit, Targets } from '../../shared/wire/service';
import type { PlanInput, SubmitInput } from '../../shared/wire/submit';
import type { Choice, HomeVariable, Task } from '../../shared/wire/task';
import type { INewsStream, ISluiceService } from '../service';
import { fakeResponse, logAnswer } from './fake-response';
import { makeConnection, makeFileList, makeReport } from './make-answers';
import { makePlan } from './make-plan';
import { makeTask } from './make-task';

type Subscription = { task: string; after: number; listener: (event: TaskEvent) => void };

/** News that a spec delivers by hand. */
export class FakeStream implements INewsStream {
  isConnected = false;
  readonly connectedChanged = new Signal<this, boolean>(this);
  readonly taskChanged = new Signal<this, Task>(this);
  readonly prompted = new Signal<this, Prompt>(this);
  readonly promptClosed = new Signal<this, string>(this);
  readonly targetsChanged = new Signal<this, void>(this);
  showsPrompts = false;
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

  showPrompts(): void {
    this.showsPrompts = true;
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
  /** What was answered to prompts; null: given up. */
  readonly answered: { id: string; answers: string[] | null }[] = [];
  readonly logins: string[] = [];
  readonly loginOptions: LoginOptions[] = [];
  readonly doctorsAsked: DoctorInput[] = [];
  /** The folders whose projects' targets were asked for. */
  readonly targetsAsked: (string | undefined)[] = [];
  readonly fileActions: FileActionInput[] = [];
  readonly pagesAsked: { offset?: number; limit?: number }[] = [];
  readonly doctorsCanceled: string[] = [];
  readonly saved: string[] = [];
  readonly canceledMany: (readonly string[] | null)[] = [];
  readonly resolved: { id: string; choice: Choice }[] = [];
  readonly logPartsAsked: LogRange[] = [];
  readonly outputsAsked: { task: string; sha256: string }[] = [];
  readonly valuesAsked: { id: string; name: string; load?: boolean }[] = [];
  readonly trusts: ({ target: string } & TrustInput)[] = [];
  readonly consents: Consent[] = [];
  readonly adoptions: ({ target: string } & AdoptInput)[] = [];
  openPrompts: Prompt[] = [];
  readonly kitsAsked: { target?: string }[] = [];
  taskList: Task[] = [];
  logText = 'line 1\nline 2\n';
  outputBody = '';
  /** When set, every call rejects with it. */
  failure: SluiceError | null = null;
  answerSubmit: (request: SubmitInput) => Task = request =>
    makeTask({ requestId: request.requestId, phase: 'preparing' });
  answerPlan: (request: PlanInput) => Plan = () => makePlan();
  answerLogin: () => Promise<Connection> = async () => makeConnection();
  answerDoctor: (after: number) => Promise<DoctorReport> = async () => makeReport();
  answerFiles: (page: { offset?: number; limit?: number }) => FileList = () => makeFileList();
  answerResolve: (id: string, choice: Choice) => Task = id => makeTask({ id });
  answerValue: (name: string) => HomeVariable = name => ({
    name,
    type: 'int',
    bytes: 1,
    format: 'json',
    files: [{ role: 'json', path: `/results/${name}` }],
    reason: null
  });
  answerAdopt: (request: AdoptInput) => AdoptReport = () => ({
    target: 'testbed',
    root: '/root',
    found: []
  });
  answerTargets: (targets: Targets) => Targets = targets => targets;

  async targets(projectDir?: string): Promise<Targets> {
    this._check();
    this.targetsAsked.push(projectDir);
    const here = {
      scheduler: 'process',
      host: null,
      resources: {},
      source: 'built-in',
      connection: null,
      limits: null
    } as const;
    return this.answerTargets({
      default: 'testbed',
      targets: [
        { name: 'testbed', trust: 'outputs', ...here },
        { name: 'stranger', trust: 'none', ...here }
      ],
      aliases: []
    });
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
      target: filter.target ?? 'testbed',
      asksTrust: false,
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

  async cancelMany(ids: readonly string[] | null): Promise<Task[]> {
    this._check();
    this.canceledMany.push(ids);
    return (ids ?? []).map(id => makeTask({ id, cancelRequested: true }));
  }

  async resolve(id: string, choice: Choice): Promise<Task> {
    this._check();
    this.resolved.push({ id, choice });
    return this.answerResolve(id, choice);
  }

  async logPart(_id: string, range: LogRange): Promise<Response> {
    this._check();
    this.logPartsAsked.push(range);
    return logAnswer(new TextEncoder().encode(this.logText), range);
  }

  async output(task: string, sha256: string): Promise<Response> {
    this._check();
    this.outputsAsked.push({ task, sha256 });
    return fakeResponse(this.outputBody);
  }

  async bringValue(id: string, request: { name: string; load?: boolean }): Promise<HomeVariable> {
    this._check();
    this.valuesAsked.push({ id, ...request });
    return this.answerValue(request.name);
  }

  async answerTrust(target: string, answer: TrustInput): Promise<void> {
    this._check();
    this.trusts.push({ target, ...answer });
  }

  async consent(consent: Consent): Promise<void> {
    this._check();
    this.consents.push(consent);
  }

  async adopt(target: string, request: AdoptInput): Promise<AdoptReport> {
    this._check();
    this.adoptions.push({ target, ...request });
    return this.answerAdopt(request);
  }

  async prompts(): Promise<Prompt[]> {
    this._check();
    return this.openPrompts;
  }

  async answerPrompt(id: string, answers: string[] | null): Promise<void> {
    this._check();
    this.answered.push({ id, answers });
  }

  async login(target: string, options: LoginOptions<AbortSignal> = {}): Promise<Connection> {
    this._check();
    this.loginOptions.push(options);
    this.logins.push(target);
    return this.answerLogin();
  }

  async startDoctor(request: DoctorInput): Promise<DoctorReport> {
    this._check();
    this.doctorsAsked.push(request);
    return this.answerDoctor(-1);
  }

  async doctor(_id: string, after = 0): Promise<DoctorReport> {
    this._check();
    return this.answerDoctor(after);
  }

  async cancelDoctor(id: string): Promise<DoctorReport> {
    this._check();
    this.doctorsCanceled.push(id);
    return makeReport({ state: 'canceled', version: 1000 });
  }

  async saveDoctor(_id: string, name: string): Promise<DoctorReport> {
    this._check();
    this.saved.push(name);
    return { ...(await this.answerDoctor(0)), version: 1000, savedTo: '/home/me/config.toml' };
  }

  async files(_id: string, page: { offset?: number; limit?: number } = {}): Promise<FileList> {
    this._check();
    this.pagesAsked.push(page);
    return this.answerFiles(page);
  }

  async actOnFiles(_id: string, action: FileActionInput): Promise<FileList> {
    this._check();
    this.fileActions.push(action);
    return this.answerFiles({});
  }

  private _check(): void {
    if (this.failure) {
      throw this.failure;
    }
  }
}
