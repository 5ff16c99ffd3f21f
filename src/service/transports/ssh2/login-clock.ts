/** Runs an action after a time; the returned function takes that back. */
export type RunAfter = (ms: number, action: () => void) => () => void;

/** By the clock of this machine. */
export const runAfter: RunAfter = (ms, action) => {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
};

/** How long a host may think about what a person typed: a push to a phone is waited for two minutes. */
export const THINKING_MS = 180_000;

/** Limits what a login waits for: the host's next word always, a person's never. */
export class LoginClock {
  #stop: () => void = () => undefined;
  #isOver = false;
  limitMs = 0;

  constructor(
    private readonly onTimeout: () => void,
    private readonly after: RunAfter
  ) {}

  /** The host has to say its next word within this time from now. */
  expect(ms: number): void {
    this.pause();
    if (!this.#isOver) {
      this.limitMs = ms;
      this.#stop = this.after(ms, this.onTimeout);
    }
  }

  /** The next word is not the host's. */
  pause(): void {
    this.#stop();
    this.#stop = () => undefined;
  }

  /** The login is over, well or not. */
  end(): void {
    this.pause();
    this.#isOver = true;
  }
}
