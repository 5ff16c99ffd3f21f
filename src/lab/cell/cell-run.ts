import type { ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Problem } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import type { ITaskStore, StoreChange } from '../tasks/task-store';
import { readRecord, writeRecord } from './cell-record';
import { Delivery } from './delivery';
import {
  markAccepted,
  markEnded,
  markRunning,
  markSubmitted,
  nextExecutionCount
} from './execution-mark';
import type { LineState, LocalStep } from './line-state';
import { OutputWriter } from './output-writer';
import type { RunSurroundings } from './run-surroundings';
import { writeSilently } from './write-silently';

/** One code cell and its newest task: what the line shows, and who writes the outputs. */
export class CellRun implements IDisposable {
  constructor(
    readonly model: ICodeCellModel,
    private readonly _notebook: INotebookModel,
    private readonly _around: RunSurroundings
  ) {
    _around.store.changed.connect(this._onStoreChanged, this);
    model.contentChanged.connect(this._checkSource, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The cell's task, live or ended. */
  get task(): Task | null {
    return this._taskId === null ? null : (this._around.store.get(this._taskId) ?? null);
  }

  /** Whether something is under way for this cell. */
  get isLive(): boolean {
    return this._local !== null || (this.task !== null && !isTerminal(this.task.phase));
  }

  /** Whether a run was asked for and there is no task yet. */
  get isStarting(): boolean {
    return this._local !== null;
  }

  /** Whether a task of this cell was replaced by a later run here. */
  isPast(taskId: string): boolean {
    return this._past.has(taskId);
  }

  get line(): LineState | null {
    if (this._problem) {
      return { kind: 'problem', problem: this._problem };
    }
    if (this._local) {
      return { kind: 'local', ...this._local };
    }
    const { task } = this;
    if (!task) {
      return null;
    }
    const record = readRecord(this.model);
    return {
      kind: 'task',
      task,
      isWriter: this._delivery?.isElsewhere !== true,
      isEdited: this._isEdited,
      isShortened: record?.task === task.id && record.hidden !== undefined,
      notes: this._notes,
      isDismissed: record?.task === task.id && record.dismissed === true
    };
  }

  /** The person asked for a run: empty the cell, mark its prompt. `signal` tells of a cancel. */
  accept(target: string | null): AbortSignal {
    this._leaveTasks();
    this._notes = [];
    this._isEdited = false;
    const canceler = new AbortController();
    this._canceler = canceler;
    this._local = { target, step: 'asking-kernel', since: this._around.clock.now() };
    markAccepted(this.model);
    this._emit();
    return canceler.signal;
  }

  /** What is being done before there is a task. */
  step(step: LocalStep): void {
    if (this._local) {
      this._local = { ...this._local, step };
      this._emit();
    }
  }

  /** Sluice itself could not; say so in the cell. */
  fail(problem: Problem): void {
    this._local = null;
    this._canceler = null;
    if (this._isDisposed) {
      return;
    }
    this._problem = problem;
    writeSilently(this.model, () => {
      this.model.outputs.add({
        output_type: 'error',
        ename: 'SluiceError',
        evalue: problem.message,
        traceback: [problem.message, problem.hint]
      });
    });
    markEnded(this.model, null);
    this._emit();
  }

  /** The wait was canceled before there was a task. */
  abandon(): void {
    this._local = null;
    this._canceler = null;
    if (this._isDisposed) {
      return;
    }
    markEnded(this.model, null);
    this._emit();
  }

  /** The service has the task. */
  submitted(task: Task): void {
    this._local = null;
    this._canceler = null;
    this._around.store.put(task);
    if (this._isDisposed) {
      // The cell is gone; its task lives on in the panel.
      return;
    }
    markSubmitted(this.model, task.id, this._around.trustOf(task.target));
    this.follow(task);
  }

  /** Take up a task that the document knows: whose outputs are here up to what the record says. */
  follow(task: Task): void {
    this._taskId = task.id;
    this._around.store.put(task);
    if (readRecord(this.model)?.task !== task.id) {
      markAccepted(this.model);
      markSubmitted(this.model, task.id, this._around.trustOf(task.target));
    }
    if (readRecord(this.model)?.ended !== true) {
      this._startDelivery(task);
    }
    this._checkSource();
    this._emit();
  }

  /** Cancel what is under way. */
  async cancel(): Promise<void> {
    this._canceler?.abort();
    const { task } = this;
    if (task && !isTerminal(task.phase)) {
      this._around.store.put(await this._around.service.cancel(task.id));
    }
  }

  /** The cell was run by its kernel: its outputs are that run's from now on. */
  supersede(): void {
    this._canceler?.abort();
    this._leaveTasks();
    this._local = null;
    const record = readRecord(this.model);
    if (record && !record.ended) {
      writeSilently(this.model, () =>
        writeRecord(this.model, {
          task: record.task,
          index: record.index,
          ended: true,
          dismissed: true
        })
      );
    }
    this._emit();
  }

  /** Put the line away. */
  dismiss(): void {
    this._problem = null;
    this._notes = [];
    const record = readRecord(this.model);
    if (record && record.task === this._taskId) {
      writeSilently(this.model, () => writeRecord(this.model, { ...record, dismissed: true }));
    }
    this._emit();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._canceler?.abort();
    this._stopDelivery();
    Signal.clearData(this);
  }

  /** All tasks of this cell up to now are past. */
  private _leaveTasks(): void {
    this._stopDelivery();
    this._taskId = null;
    this._problem = null;
    for (const { id, origin } of this._around.store.tasks) {
      if (origin?.cellId === this.model.id) {
        this._past.add(id);
      }
    }
  }

  private _startDelivery(task: Task): void {
    const { store, clock, service, texts, shownCharacters } = this._around;
    this._stopDelivery();
    markRunning(this.model);
    const writer = new OutputWriter({
      model: this.model,
      task: task.id,
      clock,
      texts,
      shownCharacters: shownCharacters(),
      executionCount: () => this._executionCount()
    });
    const { stream } = service;
    const delivery = new Delivery({ taskId: task.id, writer, stream, store, clock });
    delivery.changed.connect(this._emit, this);
    delivery.ended.connect((_, isOurs) => this._onEnded(isOurs));
    this._delivery = delivery;
  }

  private _stopDelivery(): void {
    this._delivery?.dispose();
    this._delivery = null;
    this._count = null;
  }

  private _onEnded(isOurs: boolean): void {
    const { task } = this;
    const ran = task !== null && task.startedAt !== null;
    markEnded(this.model, ran ? this._executionCount() : null);
    this._stopDelivery();
    this._emit();
    if (task && isOurs) {
      void this._bringHome(task);
    }
  }

  private async _bringHome(task: Task): Promise<void> {
    const notes = await this._around.restore(task);
    if (!this._isDisposed && this._taskId === task.id && notes.length > 0) {
      this._notes = notes;
      this._emit();
    }
  }

  private _executionCount(): number {
    this._count ??= nextExecutionCount(this._notebook);
    return this._count;
  }

  private _checkSource(): void {
    const { task } = this;
    // An edit after the end is ordinary editing; one before it means that the outputs are older.
    if (!task || !this._delivery) {
      return;
    }
    void this._around.hash(this.model.sharedModel.getSource()).then(hash => {
      const isEdited = hash !== null && hash !== task.sourceSha256;
      if (!this._isDisposed && this._taskId === task.id && isEdited !== this._isEdited) {
        this._isEdited = isEdited;
        this._emit();
      }
    });
  }

  private _onStoreChanged(_: ITaskStore, change: StoreChange): void {
    if (change.task === null || change.task.id === this._taskId) {
      this._emit();
    }
  }

  private _emit(): void {
    this._changed.emit(undefined);
  }

  private readonly _changed = new Signal<this, void>(this);
  private _taskId: string | null = null;
  private _local: Omit<Extract<LineState, { kind: 'local' }>, 'kind'> | null = null;
  private _problem: Problem | null = null;
  private _canceler: AbortController | null = null;
  private _delivery: Delivery | null = null;
  private _notes: readonly string[] = [];
  private _count: number | null = null;
  private readonly _past = new Set<string>();
  private _isEdited = false;
  private _isDisposed = false;
}
