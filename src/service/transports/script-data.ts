import type { Readable, Writable } from 'node:stream';

/** What a script reads from its stdin. */
export class ScriptData {
  /** Rejects when the data cannot be had; pending else. */
  readonly failed: Promise<never>;

  constructor(private readonly data: Buffer | Readable | undefined) {
    this.failed = new Promise<never>((_, reject) => {
      if (this.#isStream(data)) {
        // Heard from the beginning: it may fail before there is a script to read it.
        data.once('error', reject);
      }
    });
    this.failed.catch(() => undefined);
  }

  get isThere(): boolean {
    return this.data !== undefined;
  }

  /** Send all of it, then end of file. */
  sendTo(stdin: Writable): void {
    if (this.#isStream(this.data)) {
      this.data.pipe(stdin);
    } else if (this.data !== undefined) {
      stdin.end(this.data);
    }
  }

  /** Nobody reads it any more. */
  stop(): void {
    if (this.#isStream(this.data)) {
      this.data.unpipe();
      this.data.on('error', () => undefined).destroy();
    }
  }

  #isStream(data: Buffer | Readable | undefined): data is Readable {
    return data !== undefined && !Buffer.isBuffer(data);
  }
}
