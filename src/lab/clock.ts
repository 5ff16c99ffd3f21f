import { DisposableDelegate, type IDisposable } from '@lumino/disposable';

/** Time as the page's parts see it; specs pass one that they advance by hand. */
export interface IClock {
  /** Milliseconds since the epoch. */
  now(): number;
  after(delayMs: number, callback: () => void): IDisposable;
  every(intervalMs: number, callback: () => void): IDisposable;
}

/** The browser's own clock. */
export const browserClock: IClock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const handle = window.setTimeout(callback, delayMs);
    return new DisposableDelegate(() => window.clearTimeout(handle));
  },
  every: (intervalMs, callback) => {
    const handle = window.setInterval(callback, intervalMs);
    return new DisposableDelegate(() => window.clearInterval(handle));
  }
};
