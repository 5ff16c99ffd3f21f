import { untilAborted } from './deadline';
import { type Deferred, deferred } from './deferred';

/** Turns for the sessions of one connection; the limit shrinks when the host refuses one. */
export class SessionSlots {
  #limit: number;
  #taken = 0;
  #waiting: Deferred<void>[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Wait for a turn, at most until the signal is aborted; who got one gives it back with `release`. */
  async acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#taken < this.#limit) {
      this.#taken += 1;
      return;
    }
    const turn = deferred<void>();
    this.#waiting.push(turn);
    try {
      await untilAborted(turn.promise, signal);
    } catch (error) {
      this.#giveUp(turn);
      throw error;
    }
  }

  release(): void {
    this.#taken -= 1;
    this.#serve();
  }

  /**
   * The host refused the session of one who holds a turn. Returns false when no other turn is held:
   * then there is nothing to wait for.
   */
  refused(): boolean {
    if (this.#taken <= 1) {
      return false;
    }
    // Each refusal of several at once makes it one less, down to those that were let in.
    this.#limit = Math.min(this.#limit, this.#taken - 1);
    return true;
  }

  #serve(): void {
    while (this.#taken < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        return;
      }
      this.#taken += 1;
      next.resolve();
    }
  }

  #giveUp(turn: Deferred<void>): void {
    const isStillWaiting = this.#waiting.includes(turn);
    this.#waiting = this.#waiting.filter(other => other !== turn);
    if (!isStillWaiting) {
      // The turn was given in the same moment.
      this.release();
    }
  }
}
