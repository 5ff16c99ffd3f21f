import type { LogRange } from '../../client/client';

/** What is asked for at once, in bytes. */
export const PAGE_BYTES = 262_144;

/** So many bytes of a log are held and shown at once; what is farther away is asked for again. */
export const HELD_BYTES = 4 * PAGE_BYTES;

const RANGE = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/;

type Part = { start: number; bytes: Uint8Array; size: number };

/** A stretch of a log that may be far larger than a page can show. */
export class LogPages {
  constructor(private readonly _ask: (range: LogRange) => Promise<Response>) {}

  /** Where what is held begins, in bytes. */
  get start(): number {
    return this._start;
  }

  get end(): number {
    return this._start + this._bytes.length;
  }

  /** How long the log was when it was last asked for. */
  get size(): number {
    return this._size;
  }

  get isAtStart(): boolean {
    return this._start === 0;
  }

  get isAtEnd(): boolean {
    return this.end >= this._size;
  }

  /** What is held; a character that is cut at an end is left out. */
  get text(): string {
    let first = 0;
    // The bytes that go on with a character begin with the bits 10.
    while (!this.isAtStart && first < 4 && ((this._bytes[first] ?? 0) & 0xc0) === 0x80) {
      first += 1;
    }
    return new TextDecoder().decode(this._bytes.subarray(first), { stream: true });
  }

  /** Hold the beginning. */
  async toStart(): Promise<void> {
    this._hold(await this._part(0, PAGE_BYTES));
  }

  /** Hold the end. */
  async toEnd(): Promise<void> {
    const known = Math.max(0, this._size - PAGE_BYTES);
    const part = await this._part(known, PAGE_BYTES);
    const end = part.start + part.bytes.length;
    this._hold(end < part.size ? await this._part(part.size - PAGE_BYTES, PAGE_BYTES) : part);
  }

  /** Hold one page more before what is held. */
  async earlier(): Promise<void> {
    const { _start: end } = this;
    const start = Math.max(0, end - PAGE_BYTES);
    const part = await this._part(start, end - start);
    if (this._start === end && part.start + part.bytes.length === end) {
      this._bytes = join(part.bytes, this._bytes).slice(0, HELD_BYTES);
      this._start = part.start;
      this._size = part.size;
    }
  }

  /** Hold one page more behind what is held: what the log grew by, where that is its end. */
  async later(): Promise<void> {
    const { end } = this;
    const part = await this._part(end, PAGE_BYTES);
    if (part.size < end) {
      // It is not the log that was: begin anew.
      this._hold(part);
      await this.toEnd();
    } else if (this.end === end) {
      const bytes = join(this._bytes, part.bytes);
      this._start += Math.max(0, bytes.length - HELD_BYTES);
      this._bytes = bytes.slice(-HELD_BYTES);
      this._size = part.size;
    }
  }

  /** Stay at the end of a log that grows. */
  async follow(): Promise<void> {
    await this.later();
    if (!this.isAtEnd) {
      await this.toEnd();
    }
  }

  private _hold({ start, bytes, size }: Part): void {
    this._start = start;
    this._bytes = bytes;
    this._size = size;
  }

  private async _part(start: number, length: number): Promise<Part> {
    const from = Math.max(0, start);
    const response = await this._ask({ start: from, end: from + length - 1 });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const [, first, , size] = RANGE.exec(response.headers.get('Content-Range') ?? '') ?? [];
    if (size === undefined) {
      // All of it, from someone on the way who knows of no ranges.
      return { start: 0, bytes, size: bytes.length };
    }
    return first === undefined
      ? { start: Math.min(from, Number(size)), bytes: new Uint8Array(), size: Number(size) }
      : { start: Number(first), bytes, size: Number(size) };
  }

  private _start = 0;
  private _bytes: Uint8Array = new Uint8Array();
  private _size = 0;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
