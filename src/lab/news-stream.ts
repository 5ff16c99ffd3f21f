import { type ISignal, Signal } from '@lumino/signaling';
import type { EventStream } from '../client/event-stream';
import type { TaskEvent } from '../shared/wire/events';
import type { Prompt } from '../shared/wire/prompt';
import type { Task } from '../shared/wire/task';
import type { INewsStream } from './service';

/** The client's stream with the signals that the page's parts are used to. */
export class NewsStream implements INewsStream {
  constructor(private readonly _events: EventStream) {
    _events.connection.changes.add(isConnected => this._connectedChanged.emit(isConnected));
    _events.tasks.add(task => this._taskChanged.emit(task));
    _events.prompts.add(prompt => this._prompted.emit(prompt));
    _events.closedPrompts.add(id => this._promptClosed.emit(id));
    _events.targets.add(() => this._targetsChanged.emit(undefined));
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

  get prompted(): ISignal<this, Prompt> {
    return this._prompted;
  }

  get promptClosed(): ISignal<this, string> {
    return this._promptClosed;
  }

  get targetsChanged(): ISignal<this, void> {
    return this._targetsChanged;
  }

  start(): void {
    this._events.start();
  }

  showPrompts(): void {
    this._events.showPrompts();
  }

  subscribe(taskId: string, after: number, listener: (event: TaskEvent) => void): () => void {
    return this._events.subscribe(taskId, after, listener);
  }

  lease(taskId: string, tell: (isHeld: boolean) => void): () => void {
    return this._events.lease(taskId, tell);
  }

  private readonly _connectedChanged = new Signal<this, boolean>(this);
  private readonly _taskChanged = new Signal<this, Task>(this);
  private readonly _prompted = new Signal<this, Prompt>(this);
  private readonly _promptClosed = new Signal<this, string>(this);
  private readonly _targetsChanged = new Signal<this, void>(this);
}
