/** A clock that a test moves. */
export class VirtualClock {
  #nowMs = 0;
  readonly #due = new Set<{ atMs: number; action: () => void }>();

  readonly nowMs = (): number => this.#nowMs;
  readonly elapsedMs = (): number => this.#nowMs;

  /** Run an action when its time has come; the returned function takes that back. */
  readonly after = (ms: number, action: () => void): (() => void) => {
    const entry = { atMs: this.#nowMs + ms, action };
    this.#due.add(entry);
    return () => this.#due.delete(entry);
  };

  /** Let time go by; what is due then runs. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const entry of [...this.#due]) {
      if (entry.atMs <= this.#nowMs && this.#due.delete(entry)) {
        entry.action();
      }
    }
  }
}
