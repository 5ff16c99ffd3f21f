import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { FileActionInput } from '../../client/client';
import type { Problem } from '../../shared/errors';
import type { FileList } from '../../shared/wire/files';
import type { Task } from '../../shared/wire/task';
import type { ISluiceService } from '../service';
import { type ITaskStore, type StoreChange, toProblem } from '../tasks/task-store';

type SessionOptions = { service: ISluiceService; store: ITaskStore; taskId: string };

/** A job may write 200,000 files; as many as these are shown at once. */
export const PAGE_ROWS = 100;

/** The files that one task wrote, a page of them, and what is done about them. */
export class FilesSession implements IDisposable {
  constructor(private readonly _options: SessionOptions) {
    _options.store.changed.connect(this._onStoreChanged, this);
    _options.store.targetsChanged.connect(this._emit, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get task(): Task | null {
    return this._options.store.get(this._options.taskId) ?? null;
  }

  /** The page that is shown; null: it was not told yet. */
  get list(): FileList | null {
    return this._list;
  }

  /** How many files lie before the page. */
  get offset(): number {
    return this._offset;
  }

  get problem(): Problem | null {
    return this._problem;
  }

  /** Whether something is being asked of the service for the person. */
  get isBusy(): boolean {
    return this._isBusy;
  }

  /** Whether files are on their way, and the host asks for a login before they go on. */
  get needsLogin(): boolean {
    const { task } = this;
    const target = this._options.store.targets?.targets.find(({ name }) => name === task?.target);
    const state = target?.connection?.state;
    return task?.progress != null && (state === 'needs-login' || state === 'paused');
  }

  /** Ask for the page anew. */
  async refresh(): Promise<void> {
    if (this._asking) {
      // What is under way may have been answered before the change.
      this._isStale = true;
      return this._asking;
    }
    this._asking = this._load().finally(() => {
      this._asking = null;
    });
    await this._asking;
    if (this._isStale) {
      this._isStale = false;
      await this.refresh();
    }
  }

  async next(): Promise<void> {
    const offset = this._list?.nextOffset ?? null;
    if (offset !== null) {
      await this._turn(offset);
    }
  }

  async previous(): Promise<void> {
    await this._turn(Math.max(0, this._offset - PAGE_ROWS));
  }

  /** Have files fetched, given up, or their fetching ended; null: all of them. */
  async act(action: FileActionInput['action'], paths: string[] | null): Promise<void> {
    if (this._isBusy) {
      return;
    }
    this._isBusy = true;
    this._problem = null;
    this._emit();
    try {
      await this._options.service.actOnFiles(this._options.taskId, { action, paths });
      await this.refresh();
    } catch (error) {
      this._problem = toProblem(error);
    } finally {
      this._isBusy = false;
      this._emit();
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private async _turn(offset: number): Promise<void> {
    this._offset = offset;
    await this.refresh();
  }

  private async _load(): Promise<void> {
    const { service, taskId } = this._options;
    const page = { offset: this._offset, limit: PAGE_ROWS };
    try {
      this._list = await service.files(taskId, page);
      this._problem = null;
    } catch (error) {
      this._problem = toProblem(error);
    }
    this._emit();
  }

  private _onStoreChanged(_: ITaskStore, { task }: StoreChange): void {
    if (task?.id === this._options.taskId) {
      void this.refresh();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit(undefined);
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _list: FileList | null = null;
  private _offset = 0;
  private _problem: Problem | null = null;
  private _isBusy = false;
  private _isStale = false;
  private _asking: Promise<void> | null = null;
  private _isDisposed = false;
}
