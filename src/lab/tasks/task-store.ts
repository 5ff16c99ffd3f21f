import { Token } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';
import { type Problem, SluiceError } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { Consent } from '../../shared/wire/decide';
import type { Targets } from '../../shared/wire/service';
import type { Task } from '../../shared/wire/task';
import type { INewsStream, ISluiceService } from '../service';
import { orderTasks } from './order-tasks';
import type { Ticker } from './ticker';

/** Whether the page's copy is good; the tasks that are known stay when it is not. */
export type StoreState =
  { kind: 'idle' } | { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; problem: Problem };

/** What changed: one task, or anything. */
export type StoreChange = { task: Task | null };

/** The page's one copy of what the service knows; everything that is shown subscribes to it. */
export interface ITaskStore {
  readonly state: StoreState;
  readonly targets: Targets | null;
  /** Live tasks first, then finished ones, newest first. */
  readonly tasks: readonly Task[];
  readonly changed: ISignal<ITaskStore, StoreChange>;
  /** `targets` was loaded anew. */
  readonly targetsChanged: ISignal<ITaskStore, void>;
  readonly ticker: Ticker;
  get(id: string): Task | undefined;
  /** Take a task that an answer carried. */
  put(task: Task): void;
  /** Connect and load; may be called again without effect. */
  start(): void;
  /** Load everything anew. */
  refresh(): Promise<void>;
  /**
   * The targets as they are now, with those of the project that holds a folder. Errors: those of the
   * service.
   */
  targetsFor(projectDir: string | null): Promise<Targets>;
  /** Pass on that the person allows what a project file asks for. */
  consent(consent: Consent): Promise<void>;
}

/** The store, as the other plugins require it. */
export const ITaskStore = new Token<ITaskStore>(
  'jupyterlab-sluice:ITaskStore',
  'The page’s copy of the Sluice tasks.'
);

/** Copy of the service's tasks, kept fresh by its frames and reloaded after a lost connection. */
export class TaskStore implements ITaskStore {
  constructor(
    private readonly _service: ISluiceService,
    readonly ticker: Ticker
  ) {
    _service.stream.taskChanged.connect(this._onTask, this);
    _service.stream.connectedChanged.connect(this._onConnectedChanged, this);
    _service.stream.targetsChanged.connect(this._onTargetsChanged, this);
  }

  get state(): StoreState {
    return this._state;
  }

  get targets(): Targets | null {
    return this._targets;
  }

  get tasks(): readonly Task[] {
    this._ordered ??= orderTasks([...this._tasks.values()]);
    return this._ordered;
  }

  get changed(): ISignal<this, StoreChange> {
    return this._changed;
  }

  get targetsChanged(): ISignal<this, void> {
    return this._targetsChanged;
  }

  get(id: string): Task | undefined {
    return this._tasks.get(id);
  }

  put(task: Task): void {
    if (this._accept(task)) {
      this._emit(task);
    }
  }

  start(): void {
    if (this._state.kind === 'idle') {
      void this.refresh();
    }
  }

  refresh(): Promise<void> {
    this._loading ??= this._load().finally(() => {
      this._loading = null;
    });
    return this._loading;
  }

  async targetsFor(projectDir: string | null): Promise<Targets> {
    const targets = await this._service.targets(projectDir ?? undefined);
    // Whoever chooses among them wants to see how it goes on.
    if (this._state.kind !== 'ready') {
      void this.refresh();
    }
    return targets;
  }

  consent(consent: Consent): Promise<void> {
    return this._service.consent(consent);
  }

  private async _load(): Promise<void> {
    if (this._state.kind !== 'ready') {
      this._setState({ kind: 'loading' });
    }
    try {
      const [targets, tasks] = await Promise.all([this._service.targets(), this._service.tasks()]);
      this._targets = targets;
      tasks.forEach(task => this._accept(task));
      this._setState({ kind: 'ready' });
      this._targetsChanged.emit(undefined);
      this._service.stream.start();
    } catch (error) {
      const problem = toProblem(error);
      this._setState({ kind: 'failed', problem });
      if (problem.retry) {
        // The stream tries again by itself; its success loads everything.
        this._service.stream.start();
      }
    }
  }

  /** Load the targets. */
  private async _loadTargets(): Promise<void> {
    this._areTargetsStale = false;
    try {
      this._targets = await this._service.targets();
      this._targetsChanged.emit(undefined);
    } catch {
      // What is wrong with the service is told with all that it concerns.
      await this.refresh();
    }
  }

  private _onTargetsChanged(): void {
    this._areTargetsStale = true;
    this._targetsLoading ??= this._loadTargets().finally(() => {
      this._targetsLoading = null;
      if (this._areTargetsStale) {
        // News came meanwhile: what was loaded may be older.
        this._onTargetsChanged();
      }
    });
  }

  private _accept(task: Task): boolean {
    const known = this._tasks.get(task.id);
    // An answer may arrive after a frame that is newer; a finished task does not come back to life.
    if (known && isTerminal(known.phase) && !isTerminal(task.phase)) {
      return false;
    }
    this._tasks.set(task.id, task);
    return true;
  }

  private _onTask(_: INewsStream, task: Task): void {
    this.put(task);
  }

  private _onConnectedChanged(_: INewsStream, isConnected: boolean): void {
    if (isConnected || this._state.kind === 'ready') {
      // Lost: ask once, which starts a service that died; connected: learn what was missed.
      void this.refresh();
    }
  }

  private _setState(state: StoreState): void {
    this._state = state;
    this._emit(null);
  }

  private _emit(task: Task | null): void {
    this._ordered = null;
    this.ticker.setActive([...this._tasks.values()].some(one => !isTerminal(one.phase)));
    this._changed.emit({ task });
  }

  private readonly _changed = new Signal<this, StoreChange>(this);
  private readonly _targetsChanged = new Signal<this, void>(this);
  private readonly _tasks = new Map<string, Task>();
  private _ordered: readonly Task[] | null = null;
  private _targets: Targets | null = null;
  private _state: StoreState = { kind: 'idle' };
  private _loading: Promise<void> | null = null;
  private _targetsLoading: Promise<void> | null = null;
  private _areTargetsStale = false;
}

/** Words for whatever was thrown; a fault that is not ours to name keeps its own text. */
export function toProblem(error: unknown): Problem {
  if (error instanceof SluiceError) {
    return error.toProblem();
  }
  const detail = error instanceof Error ? error.message : String(error);
  const problem = new SluiceError('internal', { log: 'the browser’s console' }).toProblem();
  return { ...problem, message: `${problem.message} (${detail})` };
}
