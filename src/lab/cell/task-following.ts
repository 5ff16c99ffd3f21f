import type { ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Task } from '../../shared/wire/task';
import { Delivery } from './delivery';
import { markEnded, markRunning, nextExecutionCount } from './execution-mark';
import type { Notice } from './notice-words';
import { OutputWriter } from './output-writer';
import type { RunSurroundings } from './run-surroundings';

type FollowingOptions = {
  taskId: string;
  model: ICodeCellModel;
  notebook: INotebookModel;
  around: RunSurroundings;
};

/** One task of a cell: brings its outputs into the cell until its end, then its values home. */
export class TaskFollowing implements IDisposable {
  constructor(private readonly _options: FollowingOptions) {
    _options.model.contentChanged.connect(this._checkSource, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get taskId(): string {
    return this._options.taskId;
  }

  get task(): Task | null {
    return this._options.around.store.get(this.taskId) ?? null;
  }

  /** Whether this page writes the outputs. */
  get isWriter(): boolean {
    return this._delivery?.isElsewhere !== true;
  }

  /** What the job was told about its end. */
  get notice(): Notice | null {
    return this._delivery?.notice ?? null;
  }

  /** Whether the cell was edited while the task was live. */
  get isEdited(): boolean {
    return this._isEdited;
  }

  /** What a person should know about what came home. */
  get notes(): readonly string[] {
    return this._notes;
  }

  /** Bring the outputs, from where the cell's record says on. */
  start(): void {
    const { model, taskId, around } = this._options;
    const { store, clock, service, texts, shown } = around;
    this._stopDelivery();
    markRunning(model);
    const writer = new OutputWriter({
      model,
      task: taskId,
      clock,
      texts,
      shown: shown(),
      executionCount: () => this._executionCount()
    });
    const { stream } = service;
    const delivery = new Delivery({ taskId, writer, stream, store, clock });
    delivery.changed.connect(this._emit, this);
    delivery.ended.connect((_, isOurs) => this._onEnded(isOurs));
    this._delivery = delivery;
    this._checkSource();
  }

  /** Forget what the line said of what came home. */
  dismissNotes(): void {
    this._notes = [];
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._stopDelivery();
      this._options.model.contentChanged.disconnect(this._checkSource, this);
      Signal.clearData(this);
    }
  }

  private _stopDelivery(): void {
    this._delivery?.dispose();
    this._delivery = null;
    this._count = null;
  }

  private _onEnded(isOurs: boolean): void {
    const { task } = this;
    const ran = task !== null && task.startedAt !== null;
    markEnded(this._options.model, ran ? this._executionCount() : null);
    this._stopDelivery();
    this._emit();
    if (task && isOurs) {
      void this._bringHome(task);
    }
  }

  private async _bringHome(task: Task): Promise<void> {
    const notes = await this._options.around.restore(task);
    if (!this._isDisposed && notes.length > 0) {
      this._notes = notes;
      this._emit();
    }
  }

  private _executionCount(): number {
    this._count ??= nextExecutionCount(this._options.notebook);
    return this._count;
  }

  private _checkSource(): void {
    const { task } = this;
    // An edit after the end is ordinary editing; one before it means that the outputs are older.
    if (!task || !this._delivery) {
      return;
    }
    const { around, model } = this._options;
    void around.hash(model.sharedModel.getSource()).then(hash => {
      const isEdited = hash !== null && hash !== task.sourceSha256;
      if (!this._isDisposed && isEdited !== this._isEdited) {
        this._isEdited = isEdited;
        this._emit();
      }
    });
  }

  private _emit(): void {
    this._changed.emit(undefined);
  }

  private readonly _changed = new Signal<this, void>(this);
  private _delivery: Delivery | null = null;
  private _notes: readonly string[] = [];
  private _count: number | null = null;
  private _isEdited = false;
  private _isDisposed = false;
}
