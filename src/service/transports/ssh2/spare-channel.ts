import type { Ssh2Channel } from './ssh2-channel';

/** So long a spare may wait for a script, and so near to each other scripts are worth one. */
const SPARE_MS = 10_000;

export type SpareOptions = {
  /** A session that is let in at once, or null: none is free. Rejects when it is refused. */
  open(): Promise<Ssh2Channel | null>;
  /** Whether somebody waits for a session. */
  isWanted: () => boolean;
  nowMs: () => number;
};

/**
 * One session that is opened before it is needed, where scripts follow each other: a script then
 * costs one round trip instead of three, and no start of a login shell. It waits with a shell that
 * reads its stdin, and ends by itself soon.
 */
export class SpareChannel {
  #channel: Ssh2Channel | null = null;
  #isOpening = false;
  #isRefused = false;
  #usedMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SpareOptions) {}

  /** The one that is ready, now the caller's; null: there is none. */
  take(): Ssh2Channel | null {
    const channel = this.#channel;
    this.#channel = null;
    clearTimeout(this.#timer);
    if (channel?.isUsable === false) {
      // The host ended it, which is told when all was read.
      channel.release();
      return null;
    }
    return channel;
  }

  /** A script begins: where one came shortly before it, another one is likely. */
  noteUse(): void {
    const nowMs = this.options.nowMs();
    const isLikely = nowMs - this.#usedMs < SPARE_MS;
    this.#usedMs = nowMs;
    if (isLikely && !this.#isOpening && !this.#isRefused && this.#channel === null) {
      this.#isOpening = true;
      // The script that begins comes first.
      setImmediate(() => void this.#open());
    }
  }

  /** End it: its session is in the way. */
  giveUp(): void {
    this.take()?.release();
  }

  /** Another connection may end at another server. */
  reset(): void {
    this.take();
    this.#isRefused = false;
    this.#usedMs = -Infinity;
  }

  async #open(): Promise<void> {
    try {
      const channel = await this.options.open();
      if (channel !== null) {
        this.#keep(channel);
      }
    } catch {
      // Nobody needs it: who opens the next session hears what is wrong.
      this.#isRefused = true;
    } finally {
      this.#isOpening = false;
    }
  }

  #keep(channel: Ssh2Channel): void {
    this.#channel = channel;
    this.#timer = setTimeout(() => this.giveUp(), SPARE_MS);
    this.#timer.unref();
    void channel.exited.then(() => {
      if (this.#channel === channel) {
        this.take();
      }
    });
    if (this.options.isWanted()) {
      this.giveUp();
    }
  }
}
