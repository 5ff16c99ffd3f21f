import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Problem } from '../../shared/errors';
import type { DoctorReport } from '../../shared/wire/doctor';
import type { IClock } from '../clock';
import type { IWorkPlace } from '../notebook/work-place';
import type { ISluiceService } from '../service';
import { toProblem } from '../tasks/task-store';

type SessionOptions = {
  service: ISluiceService;
  clock: IClock;
  target: string;
  /** Where the person is at work when a check begins. */
  place: IWorkPlace;
};

/** One question for news lasts at most this long. */
const WAIT_MS = 25_000;
/** After news could not be asked for. */
const PAUSE_MS = 2000;
const TRIES = 5;

/** The checks of one target: what the newest found, what is under way, what went wrong. */
export class DoctorSession implements IDisposable {
  constructor(private readonly _options: SessionOptions) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get target(): string {
    return this._options.target;
  }

  get report(): DoctorReport | null {
    return this._report;
  }

  /** Whether a check is under way, as far as is known here. */
  get isRunning(): boolean {
    return this._aborter !== null;
  }

  get isSaving(): boolean {
    return this._isSaving;
  }

  /** Why the check could not be begun, followed, ended or written down. */
  get problem(): Problem | null {
    return this._problem;
  }

  /** Check anew, and stay until it is over. */
  async run(): Promise<void> {
    if (this._aborter || this._isDisposed) {
      return;
    }
    const aborter = new AbortController();
    this._aborter = aborter;
    this._report = null;
    this._problem = null;
    this._emit();
    try {
      this._take(await this._begin());
      await this._follow(aborter.signal);
    } catch (error) {
      if (!aborter.signal.aborted) {
        this._problem = toProblem(error);
      }
    } finally {
      this._aborter = null;
      this._emit();
    }
  }

  /** End the check that is under way. */
  async cancel(): Promise<void> {
    const { _report: report } = this;
    if (this._aborter && report) {
      await this._try(async () => this._take(await this._options.service.cancelDoctor(report.id)));
    }
  }

  /** Write what is proposed into the person's configuration. */
  async save(name: string): Promise<void> {
    const { _report: report } = this;
    if (!report || this._isSaving) {
      return;
    }
    this._isSaving = true;
    this._emit();
    await this._try(async () =>
      this._take(await this._options.service.saveDoctor(report.id, name))
    );
    this._isSaving = false;
    this._emit();
  }

  /** Look on no longer; a check that is under way comes to its end by itself. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._aborter?.abort();
      Signal.clearData(this);
    }
  }

  private async _begin(): Promise<DoctorReport> {
    const { service, place } = this._options;
    const { target } = this;
    const projectDir = place.projectDir();
    const pythonVersion = await place.pythonVersion();
    return service.startDoctor({ target, projectDir, pythonVersion });
  }

  private async _follow(signal: AbortSignal): Promise<void> {
    const { service, clock } = this._options;
    let tries = TRIES;
    while (this._report?.state === 'running' && !signal.aborted) {
      const { id, version } = this._report;
      try {
        this._take(await service.doctor(id, version, WAIT_MS, signal));
        tries = TRIES;
      } catch (error) {
        tries -= 1;
        if (tries === 0 || !toProblem(error).retry) {
          throw error;
        }
        await new Promise<void>(resolve => clock.after(PAUSE_MS, resolve));
      }
    }
  }

  private async _try(action: () => Promise<void>): Promise<void> {
    this._problem = null;
    try {
      await action();
    } catch (error) {
      this._problem = toProblem(error);
      this._emit();
    }
  }

  /** An answer that was overtaken by a newer one is no news. */
  private _take(report: DoctorReport): void {
    const known = this._report;
    if (!this._isDisposed && (known?.id !== report.id || report.version >= known.version)) {
      this._report = report;
      this._emit();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit(undefined);
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _report: DoctorReport | null = null;
  private _problem: Problem | null = null;
  private _aborter: AbortController | null = null;
  private _isSaving = false;
  private _isDisposed = false;
}
