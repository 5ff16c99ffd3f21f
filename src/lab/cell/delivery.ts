import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { isTerminal } from '../../shared/phases';
import type { TaskEvent } from '../../shared/wire/events';
import type { Task } from '../../shared/wire/task';
import type { IClock } from '../clock';
import type { INewsStream } from '../service';
import type { ITaskStore, StoreChange } from '../tasks/task-store';
import { failureLines } from './failure-lines';
import type { Notice } from './notice-words';
import type { OutputWriter } from './output-writer';

/** So long without the right to write, and another page must have it. */
export const OTHER_WRITER_MS = 3000;

export type DeliveryOptions = {
  taskId: string;
  writer: OutputWriter;
  stream: INewsStream;
  store: ITaskStore;
  clock: IClock;
};

/**
 * Brings one task's events into its cell while this page holds the right to write it; another page
 * of the same notebook waits until that right is free. Ends by itself once the end is written.
 */
export class Delivery implements IDisposable {
  constructor(private readonly _options: DeliveryOptions) {
    const { stream, store, taskId } = _options;
    store.changed.connect(this._onStoreChanged, this);
    this._giveUpLease = stream.lease(taskId, isHeld => this._onLease(isHeld));
  }

  /** Emitted when there is a notice, or when it is known that another page writes, or does no more. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted once, after this page (true) or another one (false) has written the end. */
  get ended(): ISignal<this, boolean> {
    return this._ended;
  }

  /** Whether another page writes. */
  get isElsewhere(): boolean {
    return this._isElsewhere;
  }

  /** What the job was told about its end; null: nothing in this attempt. */
  get notice(): Notice | null {
    return this._notice;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._stopListening();
    this._wait?.dispose();
    this._giveUpLease();
    this._options.writer.dispose();
    Signal.clearData(this);
  }

  private _onLease(isHeld: boolean): void {
    const { writer, stream, taskId, clock } = this._options;
    this._isHeld = isHeld;
    this._wait?.dispose();
    this._stopListening();
    // What was taken but not written comes again; and another page of a shared document may have
    // written since this one last did.
    writer.reload();
    if (isHeld) {
      this._setElsewhere(false);
      this._unsubscribe = stream.subscribe(taskId, writer.index, event => this._onEvent(event));
      this._endWhenComplete();
    } else {
      this._wait = clock.after(OTHER_WRITER_MS, () => this._setElsewhere(stream.isConnected));
    }
  }

  private _onEvent(event: TaskEvent): void {
    this._options.writer.push(event);
    this._look(event);
    this._endWhenComplete();
  }

  private _look(event: TaskEvent): void {
    const isNotice = event.type === 'notice' && event.unverified !== true;
    if (isNotice || (event.seq === 1 && this._notice !== null)) {
      this._notice = isNotice ? event.data : null;
      this._changed.emit(undefined);
    }
  }

  private _onStoreChanged(_: ITaskStore, { task }: StoreChange): void {
    if (task === null || task.id === this._options.taskId) {
      this._endWhenComplete();
    }
  }

  private _endWhenComplete(): void {
    const { store, taskId, writer } = this._options;
    const task = store.get(taskId);
    if (!this._isHeld || !task || !isTerminal(task.phase)) {
      return;
    }
    if (writer.isEnded) {
      this._finish(false);
    } else if (writer.index >= task.lastIndex) {
      this._writeEnd(task);
    }
  }

  private _writeEnd(task: Task): void {
    const { writer } = this._options;
    writer.flush();
    writer.end(failureLines(task, writer.hasError));
    this._finish(true);
  }

  private _finish(isOurs: boolean): void {
    this._ended.emit(isOurs);
    this.dispose();
  }

  private _setElsewhere(isElsewhere: boolean): void {
    if (isElsewhere !== this._isElsewhere) {
      this._isElsewhere = isElsewhere;
      this._changed.emit(undefined);
    }
  }

  private _stopListening(): void {
    this._unsubscribe?.();
    this._unsubscribe = null;
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _ended = new Signal<this, boolean>(this);
  private readonly _giveUpLease: () => void;
  private _unsubscribe: (() => void) | null = null;
  private _wait: IDisposable | null = null;
  private _notice: Notice | null = null;
  private _isHeld = false;
  private _isElsewhere = false;
  private _isDisposed = false;
}
