import { untilAborted } from './deadline';
import { type Deferred, deferred } from './deferred';

/**
 * Turns for the sessions of one connection. Who has one opens a session and says how that went with
 * `opened` or `refused`, and gives it back with `release`.
 */
export class SessionSlots {
  #limit: number;
  #taken = 0;
  #open = 0;
  #mostOpen = 0;
  #waiting: Deferred<void>[] = [];

  constructor(private readonly most: number) {
    this.#limit = most;
  }

  /** Sessions that the host allows at once, as far as known by now. */
  get limit(): number {
    return this.#limit;
  }

  /** Whether somebody waits for a turn. */
  get isWanted(): boolean {
    return this.#waiting.length > 0;
  }

  /** Wait for a turn, at most until the signal is aborted. */
  async acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.tryAcquire()) {
      return;
    }
    const turn: Deferred<void> = deferred();
    this.#waiting.push(turn);
    try {
      await untilAborted(turn.promise, signal);
    } catch (error) {
      this.#giveUp(turn);
      throw error;
    }
  }

  /** Take a turn when one is free, without waiting. */
  tryAcquire(): boolean {
    const isFree = this.#taken < this.#limit;
    this.#taken += isFree ? 1 : 0;
    return isFree;
  }

  /** The session was opened; the returned function tells that it has ended, and gives the turn back. */
  opened(): () => void {
    this.#open += 1;
    this.#mostOpen = Math.max(this.#mostOpen, this.#open);
    return () => {
      this.#open -= 1;
      this.release();
    };
  }

  /**
   * The host refused the session. Several refusals at once make the limit smaller by one each, down
   * to those that were let in; never below what was open at once before, since a host may refuse
   * for a moment while it puts an ended session away. Returns false when no other turn is held.
   */
  refused(): boolean {
    if (this.#taken <= 1) {
      return false;
    }
    this.#limit = Math.min(this.#limit, Math.max(this.#taken - 1, this.#mostOpen));
    return true;
  }

  release(): void {
    this.#taken -= 1;
    this.#serve();
  }

  /** Forget what was learned: another connection may end at another server. */
  reset(): void {
    this.#limit = this.most;
    this.#mostOpen = this.#open;
    this.#serve();
  }

  #serve(): void {
    while (this.#waiting.length > 0 && this.tryAcquire()) {
      this.#waiting.shift()?.resolve();
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
