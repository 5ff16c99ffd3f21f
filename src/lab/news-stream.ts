import { type ISignal, Signal } from '@lumino/signaling';
import type { EventStream } from '../client/event-stream';
import type { TaskEvent } from '../shared/wire/events';
import type { Task } from '../shared/wire/task';
import type { INewsStream } from './service';

/** The client's stream with the signals that the page's parts are used to. */
export class NewsStream implements INewsStream {
  constructor(private readonly _events: EventStream) {
    _events.connection.changes.add(isConnected => this._connectedChanged.emit(isConnected));
    _events.tasks.add(task => this._taskChanged.emit(task));
  }

  get isConnected(): boolean {
    return this._events.connection.isConnected;
  }

  get connectedChanged(): ISignal<this, boolean> {
    return this._connectedChanged;
  }

  get taskChanged(): ISignal<this, Task> {
    return this._taskChanged;
  }

  start(): void {
    this._events.start();
  }

  subscribe(taskId: string, after: number, listener: (event: TaskEvent) => void): () => void {
    return this._events.subscribe(taskId, after, listener);
  }

  lease(taskId: string, tell: (isHeld: boolean) => void): () => void {
    return this._events.lease(taskId, tell);
  }

  private readonly _connectedChanged = new Signal<this, boolean>(this);
  private readonly _taskChanged = new Signal<this, Task>(this);
}
