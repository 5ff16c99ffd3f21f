import type { IClock } from './clock';

/** A rest that can be cut short; who wakes it before it begins makes the next one end at once. */
export class Nap {
  private current = new AbortController();

  constructor(private readonly clock: IClock) {}

  /** Rest for a while, or until it is woken. */
  async rest(ms: number): Promise<void> {
    if (ms > 0) {
      await this.clock.delay(ms, this.current.signal);
    }
    if (this.current.signal.aborted) {
      this.current = new AbortController();
    }
  }

  wake(): void {
    this.current.abort();
  }
}
