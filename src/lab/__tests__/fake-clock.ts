import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import type { IClock } from '../clock';

type Timer = { at: number; everyMs: number | null; callback: () => void };

/** A clock that moves only when it is told to. */
export class FakeClock implements IClock {
  constructor(private _now = 1_000_000) {}

  now(): number {
    return this._now;
  }

  after(delayMs: number, callback: () => void): IDisposable {
    return this._add({ at: this._now + delayMs, everyMs: null, callback });
  }

  every(intervalMs: number, callback: () => void): IDisposable {
    return this._add({ at: this._now + intervalMs, everyMs: intervalMs, callback });
  }

  /** Move on, and let everything happen that is due on the way. */
  advance(durationMs: number): void {
    const end = this._now + durationMs;
    for (;;) {
      const due = [...this._timers].filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) {
        break;
      }
      this._now = Math.max(this._now, due.at);
      if (due.everyMs === null) {
        this._timers.delete(due);
      } else {
        due.at += due.everyMs;
      }
      due.callback();
    }
    this._now = end;
  }

  private _add(timer: Timer): IDisposable {
    this._timers.add(timer);
    return new DisposableDelegate(() => this._timers.delete(timer));
  }

  private readonly _timers = new Set<Timer>();
}
