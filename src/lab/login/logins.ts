import { Token } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Problem } from '../../shared/errors';
import type { ISluiceService } from '../service';
import { type ITaskStore, toProblem } from '../tasks/task-store';

/** How far a login is: one that somebody asked for on this page, or any whose host asks a person. */
export type LoginProgress =
  { kind: 'connecting' } | { kind: 'asking' } | { kind: 'failed'; problem: Problem };

/** Logins that a person asks for, by target. */
export interface ILogins {
  /** Emitted with the target whose progress changed. */
  readonly changed: ISignal<ILogins, string>;
  /** Null: none is under way that is known here, or it went well. */
  progressOf(target: string): LoginProgress | null;
  /**
   * Connect to the host of a target, which the project in this folder may define; whether that
   * worked. Asking twice is one login.
   */
  logIn(target: string, projectDir: string | null): Promise<boolean>;
}

/** The logins, as the other plugins require them. */
export const ILogins = new Token<ILogins>(
  'jupyterlab-sluice:ILogins',
  'Logins at the hosts of Slurm targets.'
);

/** Asks the service for logins; their questions come by the login desk. */
export class Logins implements ILogins {
  constructor(
    private readonly _service: ISluiceService,
    private readonly _store: ITaskStore
  ) {
    _store.targetsChanged.connect(this._onTargetsChanged, this);
  }

  get changed(): ISignal<this, string> {
    return this._changed;
  }

  progressOf(target: string): LoginProgress | null {
    return this._asking.has(target) ? { kind: 'asking' } : (this._progress.get(target) ?? null);
  }

  logIn(target: string, projectDir: string | null): Promise<boolean> {
    const running = this._running.get(target);
    if (running) {
      return running;
    }
    const login = this._connect(target, projectDir).finally(() => this._running.delete(target));
    this._running.set(target, login);
    return login;
  }

  private async _connect(target: string, projectDir: string | null): Promise<boolean> {
    this._set(target, { kind: 'connecting' });
    // The questions come over the stream, which a page that never asked for anything has not begun.
    this._store.start();
    try {
      await this._service.login(target, { projectDir });
      this._set(target, null);
      return true;
    } catch (error) {
      this._set(target, { kind: 'failed', problem: toProblem(error) });
      return false;
    }
  }

  private _onTargetsChanged(): void {
    const known = this._store.targets?.targets ?? [];
    const asking = known.filter(({ connection }) => connection?.state === 'asking');
    const before = this._asking;
    this._asking = new Set(asking.map(({ name }) => name));
    for (const target of new Set([...before, ...this._asking])) {
      if (before.has(target) !== this._asking.has(target)) {
        this._changed.emit(target);
      }
    }
  }

  private _set(target: string, progress: LoginProgress | null): void {
    if (progress) {
      this._progress.set(target, progress);
    } else {
      this._progress.delete(target);
    }
    this._changed.emit(target);
  }

  private readonly _changed = new Signal<this, string>(this);
  private readonly _progress = new Map<string, LoginProgress>();
  private _asking: ReadonlySet<string> = new Set();
  private readonly _running = new Map<string, Promise<boolean>>();
}
