import type { IClock } from '../service/tasks/clock';

type Wait = { atMs: number; done: () => void };

/** A clock that goes on to the next thing that waits for it, when a test says so. */
export class SteppedClock implements IClock {
  private readonly waits = new Set<Wait>();
  private isStopped = false;

  constructor(private timeMs: number) {}

  readonly nowMs = (): number => this.timeMs;

  readonly elapsedMs = (): number => this.timeMs;

  readonly delay = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const wait = {
        atMs: this.timeMs + ms,
        done: (): void => {
          this.waits.delete(wait);
          signal?.removeEventListener('abort', wait.done);
          if (!this.isStopped) {
            resolve();
          }
        }
      };
      this.waits.add(wait);
      signal?.addEventListener('abort', wait.done);
    });

  /** Go on to the earliest; false: nothing waits. */
  step(): boolean {
    const [next] = [...this.waits].sort((a, b) => a.atMs - b.atMs);
    if (next === undefined || this.isStopped) {
      return false;
    }
    this.timeMs = Math.max(this.timeMs, next.atMs);
    next.done();
    return true;
  }

  /** Nothing that waits ever goes on. */
  stop(): void {
    this.isStopped = true;
  }
}
