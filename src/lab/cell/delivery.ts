import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { isTerminal } from '../../shared/phases';
import type { ServiceFrame } from '../../shared/wire/frames';
import type { Task } from '../../shared/wire/task';
import type { IClock } from '../clock';
import type { IFrameStream } from '../service';
import type { ITaskStore, StoreChange } from '../tasks/task-store';
import { failureLines } from './failure-lines';
import type { OutputWriter } from './output-writer';

/** A third of the lease, so that one lost renewal costs nothing. */
export const LEASE_RENEWAL_MS = 5000;

export type DeliveryOptions = {
  taskId: string;
  writer: OutputWriter;
  stream: IFrameStream;
  store: ITaskStore;
  clock: IClock;
};

/**
 * Brings one task's events into its cell while this page holds the right to write it; another page
 * of the same notebook waits until that right is free. Ends by itself once the end is written.
 */
export class Delivery implements IDisposable {
  constructor(private readonly _options: DeliveryOptions) {
    const { stream, store, clock } = _options;
    stream.received.connect(this._onFrame, this);
    stream.connectedChanged.connect(this._onConnectedChanged, this);
    store.changed.connect(this._onStoreChanged, this);
    this._renewal = clock.every(LEASE_RENEWAL_MS, () => this._askLease());
    this._askLease();
  }

  /** Emitted when the right to write was won or lost. */
  get heldChanged(): ISignal<this, boolean> {
    return this._heldChanged;
  }

  /** Emitted once, after this page (true) or another one (false) has written the end. */
  get ended(): ISignal<this, boolean> {
    return this._ended;
  }

  /** Whether this page writes; null: not known yet. */
  get isHeld(): boolean | null {
    return this._isHeld;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._renewal.dispose();
    this._options.writer.dispose();
    if (this._isHeld) {
      this._options.stream.send({ frame: 'unsubscribe', task: this._options.taskId });
    }
    Signal.clearData(this);
  }

  private _askLease(): void {
    this._options.stream.send({ frame: 'lease', task: this._options.taskId });
  }

  private _subscribe(): void {
    const { stream, taskId, writer } = this._options;
    stream.send({ frame: 'subscribe', task: taskId, after: writer.index });
  }

  private _onFrame(_: IFrameStream, frame: ServiceFrame): void {
    if (frame.frame === 'lease' && frame.task === this._options.taskId) {
      this._onLease(frame.held);
    } else if (frame.frame === 'event' && frame.event.task === this._options.taskId) {
      this._onEvent(frame.event);
    }
  }

  private _onLease(isHeld: boolean): void {
    if (isHeld && !this._isHeld) {
      // Another page of a shared document may have written since this one last did.
      this._options.writer.reload();
      this._setHeld(true);
      this._subscribe();
      this._endWhenComplete();
    } else if (!isHeld) {
      if (this._isHeld) {
        this._options.stream.send({ frame: 'unsubscribe', task: this._options.taskId });
        this._options.writer.reload();
      }
      this._setHeld(false);
    }
  }

  private _onEvent(event: Extract<ServiceFrame, { frame: 'event' }>['event']): void {
    const { writer } = this._options;
    if (!this._isHeld || event.index <= writer.index) {
      return;
    }
    if (event.index > writer.index + 1) {
      // Something between got lost: ask for it again instead of leaving a hole.
      this._subscribe();
      return;
    }
    writer.push(event);
    this._endWhenComplete();
  }

  private _onConnectedChanged(_: IFrameStream, isConnected: boolean): void {
    if (isConnected) {
      this._askLease();
    } else {
      // What was received but not written comes again after the reconnect.
      this._options.writer.reload();
      this._setHeld(null);
    }
  }

  private _onStoreChanged(_: ITaskStore, change: StoreChange): void {
    if (change.task === null || change.task.id === this._options.taskId) {
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

  private _setHeld(isHeld: boolean | null): void {
    if (isHeld !== this._isHeld) {
      this._isHeld = isHeld;
      this._heldChanged.emit(isHeld === true);
    }
  }

  private readonly _heldChanged = new Signal<this, boolean>(this);
  private readonly _ended = new Signal<this, boolean>(this);
  private readonly _renewal: IDisposable;
  private _isHeld: boolean | null = null;
  private _isDisposed = false;
}
