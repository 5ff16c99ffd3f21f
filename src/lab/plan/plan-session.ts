import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Problem } from '../../shared/errors';
import type { Plan } from '../../shared/wire/plan';
import type { Finding } from '../../shared/wire/rehearsal';
import type { Task } from '../../shared/wire/task';
import type { IClock } from '../clock';
import { toProblem } from '../tasks/task-store';

/** What a dry run asks for, on behalf of one cell. */
export interface IPlanSource {
  /** Ask the kernel and the service; with `isRehearsal` the captured cell also runs here. */
  plan(isRehearsal: boolean, signal: AbortSignal): Promise<Plan>;
  /** Whether the person agrees that the cell runs on this machine. */
  consent(): Promise<boolean>;
  /** Have the cell rehearsed on its target, as a task of its own. */
  rehearseThere(): Promise<Task>;
  /** Hear what a rehearsal on the target found; returns what ends the waiting. */
  onFinding(task: Task, tell: (finding: Finding) => void): () => void;
  /** The text that would be sent now. */
  source(): string;
}

/** What is under way; `since` is when it began. */
export type PlanWork = { kind: 'planning' | 'rehearsing' | 'submitting'; since: number };

/** One dry run: its plan, what is under way, what went wrong; the view shows what is here. */
export class PlanSession implements IDisposable {
  constructor(
    private readonly _asks: IPlanSource,
    private readonly _clock: IClock
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get plan(): Plan | null {
    return this._plan;
  }

  get work(): PlanWork | null {
    return this._work;
  }

  get problem(): Problem | null {
    return this._problem;
  }

  /** A rehearsal on the cluster that was handed over from here. */
  get task(): Task | null {
    return this._task;
  }

  /** What that rehearsal found; null: it is not over. */
  get finding(): Finding | null {
    return this._finding;
  }

  get now(): number {
    return this._clock.now();
  }

  /** Whether the cell is no longer what was planned. */
  get isOutdated(): boolean {
    return this._plan !== null && this._plannedSource !== this._asks.source();
  }

  /** The cell may have changed. */
  stir(): void {
    if (this._wasOutdated !== this.isOutdated) {
      this._wasOutdated = this.isOutdated;
      this._emit();
    }
  }

  /** Plan anew. */
  async refresh(): Promise<void> {
    await this._ask('planning', false);
  }

  /** Run the captured cell here, apart from the notebook. */
  async rehearse(): Promise<void> {
    if (this._work?.kind !== 'rehearsing' && (await this._asks.consent())) {
      await this._ask('rehearsing', true);
    }
  }

  /** Rehearse on the target. */
  async rehearseThere(): Promise<void> {
    await this._do('submitting', async () => {
      const task = await this._asks.rehearseThere();
      this._stopListening();
      this._task = task;
      this._finding = null;
      this._stopListening = this._asks.onFinding(task, finding => {
        this._finding = finding;
        this._emit();
      });
    });
  }

  /** Give up what is under way. */
  cancel(): void {
    this._aborter?.abort();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.cancel();
      this._stopListening();
      Signal.clearData(this);
    }
  }

  private async _ask(kind: PlanWork['kind'], isRehearsal: boolean): Promise<void> {
    await this._do(kind, async signal => {
      const source = this._asks.source();
      const plan = await this._asks.plan(isRehearsal, signal);
      if (!signal.aborted) {
        this._plan = plan;
        this._plannedSource = source;
        this._wasOutdated = this.isOutdated;
      }
    });
  }

  /** One thing at a time: what is begun later ends what was begun before. */
  private async _do(
    kind: PlanWork['kind'],
    action: (signal: AbortSignal) => Promise<void>
  ): Promise<void> {
    this.cancel();
    const aborter = new AbortController();
    this._aborter = aborter;
    this._work = { kind, since: this._clock.now() };
    this._problem = null;
    this._emit();
    const ticks = this._clock.every(1000, () => this._emit());
    try {
      await action(aborter.signal);
    } catch (error) {
      if (!aborter.signal.aborted) {
        this._problem = toProblem(error);
      }
    } finally {
      ticks.dispose();
      if (this._aborter === aborter) {
        this._aborter = null;
        this._work = null;
      }
      this._emit();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit(undefined);
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _plan: Plan | null = null;
  private _wasOutdated = false;
  private _plannedSource: string | null = null;
  private _work: PlanWork | null = null;
  private _problem: Problem | null = null;
  private _task: Task | null = null;
  private _finding: Finding | null = null;
  private _stopListening: () => void = () => undefined;
  private _aborter: AbortController | null = null;
  private _isDisposed = false;
}
