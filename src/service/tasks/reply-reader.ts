import type { Readable } from 'node:stream';

/** Takes lines and counted bytes from a stream, in order. */
export class ReplyReader {
  private chunks: Buffer[] = [];
  private size = 0;
  private wake: (() => void) | null = null;
  private ended = false;

  constructor(stream: Readable) {
    stream.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.size += chunk.length;
      this.wake?.();
    });
    const end = (): void => {
      this.ended = true;
      this.wake?.();
    };
    stream.on('end', end).on('close', end).on('error', end);
  }

  /** The next line without its newline; null at the end. */
  async line(): Promise<string | null> {
    for (;;) {
      const buffer = this.joined();
      const at = buffer.indexOf(10);
      if (at >= 0) {
        return this.take(at + 1)
          .subarray(0, at)
          .toString();
      }
      if (!(await this.more())) {
        return null;
      }
    }
  }

  /** Exactly that many bytes; null when the stream ended before. */
  async bytes(length: number): Promise<Buffer | null> {
    while (this.size < length) {
      if (!(await this.more())) {
        return null;
      }
    }
    return this.take(length);
  }

  private joined(): Buffer {
    if (this.chunks.length > 1) {
      this.chunks = [Buffer.concat(this.chunks)];
    }
    return this.chunks[0] ?? Buffer.alloc(0);
  }

  private take(length: number): Buffer {
    const buffer = this.joined();
    const rest = buffer.subarray(length);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.size = rest.length;
    return buffer.subarray(0, length);
  }

  /** Wait for more; false at the end. */
  private async more(): Promise<boolean> {
    if (this.ended) {
      return false;
    }
    const before = this.size;
    await new Promise<void>(resolve => {
      this.wake = resolve;
    });
    this.wake = null;
    return this.size > before || !this.ended;
  }
}
