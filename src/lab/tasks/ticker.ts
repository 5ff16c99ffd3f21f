import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { IClock } from '../clock';

/** One timer for every clock on the page; it runs only while something live is shown. */
export class Ticker {
  constructor(readonly clock: IClock) {}

  get ticked(): ISignal<this, number> {
    return this._ticked;
  }

  get now(): number {
    return this.clock.now();
  }

  /** Start or stop it. */
  setActive(isActive: boolean): void {
    if (isActive && !this._timer) {
      this._timer = this.clock.every(1000, () => this._ticked.emit(this.clock.now()));
    } else if (!isActive) {
      this._timer?.dispose();
      this._timer = null;
    }
  }

  private readonly _ticked = new Signal<this, number>(this);
  private _timer: IDisposable | null = null;
}
