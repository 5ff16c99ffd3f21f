/** Time, passed in so that tests can move it. */
export interface IClock {
  /** Milliseconds since the epoch, for what is stored and shown. It jumps where somebody sets the time. */
  readonly nowMs: () => number;
  /** Milliseconds since some instant, for how long something takes. It never jumps and never goes back. */
  readonly elapsedMs: () => number;
  /** Resolves after a while, or at once when the signal aborts. */
  readonly delay: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The real time. */
export const systemClock: IClock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  delay: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    })
};
