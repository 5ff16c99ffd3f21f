import type { ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Problem } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import type { ILogins } from '../login/logins';
import type { ITaskStore, StoreChange } from '../tasks/task-store';
import { readRecord, writeRecord } from './cell-record';
import { markAccepted, markEnded, markSubmitted, type Trust } from './execution-mark';
import type { LineState, LocalStep } from './line-state';
import type { RunSurroundings } from './run-surroundings';
import { TaskFollowing } from './task-following';
import { writeSilently } from './write-silently';

/** One code cell and its newest task: what the line shows, and who writes the outputs. */
export class CellRun implements IDisposable {
  constructor(
    readonly model: ICodeCellModel,
    private readonly _notebook: INotebookModel,
    private readonly _around: RunSurroundings
  ) {
    _around.store.changed.connect(this._onStoreChanged, this);
    _around.logins.changed.connect(this._onLoginChanged, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The cell's task, live or ended. */
  get task(): Task | null {
    return this._following?.task ?? null;
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
    const { task, _following: following } = this;
    if (!task || !following) {
      return null;
    }
    const record = readRecord(this.model);
    return {
      kind: 'task',
      task,
      isWriter: following.isWriter,
      isEdited: following.isEdited,
      isShortened: record?.task === task.id && record.hidden !== undefined,
      notes: following.notes,
      notice: following.notice,
      isDismissed: record?.task === task.id && record.dismissed === true,
      login: this._around.logins.progressOf(task.target)
    };
  }

  /** The person asked for a run: empty the cell, mark its prompt. `signal` tells of a cancel. */
  accept(target: string | null): AbortSignal {
    this._leaveTasks();
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

  /** The service has the task; null: its target is trusted as far as is known already. */
  submitted(task: Task, trust: Trust | null = null): void {
    this._local = null;
    this._canceler = null;
    this._around.store.put(task);
    if (this._isDisposed) {
      // The cell is gone; its task lives on in the panel.
      return;
    }
    markSubmitted(this.model, task.id, trust ?? this._around.trustOf(task.target));
    this.follow(task);
  }

  /** Take up a task that the document knows: whose outputs are here up to what the record says. */
  follow(task: Task): void {
    const { model, _around: around } = this;
    this._stopFollowing();
    const following = new TaskFollowing({
      taskId: task.id,
      model,
      notebook: this._notebook,
      around
    });
    following.changed.connect(this._emit, this);
    this._following = following;
    around.store.put(task);
    if (readRecord(model)?.task !== task.id) {
      markAccepted(model);
      markSubmitted(model, task.id, around.trustOf(task.target));
    }
    if (readRecord(model)?.ended !== true) {
      following.start();
    }
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
    this._following?.dismissNotes();
    const record = readRecord(this.model);
    if (record && record.task === this._following?.taskId) {
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
    this._stopFollowing();
    Signal.clearData(this);
  }

  /** All tasks of this cell up to now are past. */
  private _leaveTasks(): void {
    this._stopFollowing();
    this._problem = null;
    for (const { id, origin } of this._around.store.tasks) {
      if (origin?.cellId === this.model.id) {
        this._past.add(id);
      }
    }
  }

  private _stopFollowing(): void {
    this._following?.dispose();
    this._following = null;
  }

  private _onStoreChanged(_: ITaskStore, change: StoreChange): void {
    if (change.task === null || change.task.id === this._following?.taskId) {
      this._emit();
    }
  }

  private _onLoginChanged(_: ILogins, target: string): void {
    if (target === this.task?.target) {
      this._emit();
    }
  }

  private _emit(): void {
    this._changed.emit(undefined);
  }

  private readonly _changed = new Signal<this, void>(this);
  private _following: TaskFollowing | null = null;
  private _local: Omit<Extract<LineState, { kind: 'local' }>, 'kind'> | null = null;
  private _problem: Problem | null = null;
  private _canceler: AbortController | null = null;
  private readonly _past = new Set<string>();
  private _isDisposed = false;
}
