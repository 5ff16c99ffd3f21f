const NOTHING = Buffer.alloc(0);
/** A line of a number or a hash is never longer. */
const MOST_LINE_BYTES = 200;

/** Tells the parts of the fetch script's reply from each other: a line, bytes from the offset on, a line. */
export class ReplyParts {
  private head = '';
  private left: number | null = null;
  private tail = '';
  private announced: number | null = null;

  constructor(
    private readonly offset: number,
    /** Of one reply. */
    private readonly mostBytes: number
  ) {}

  /** The size that the file has there; null: not told yet. */
  get size(): number | null {
    return this.announced;
  }

  /** The last line, without its end; null: it has not come whole. */
  get trailer(): string | null {
    return this.tail.endsWith('\n') ? this.tail.slice(0, -1) : null;
  }

  /** Take what came; gives the bytes of the file in it. */
  push(chunk: Buffer): Buffer {
    const rest = this.left === null ? this.takeHead(chunk) : chunk;
    if (this.left === null) {
      return NOTHING;
    }
    const bytes = rest.subarray(0, this.left);
    this.left -= bytes.length;
    this.tail = (this.tail + rest.subarray(bytes.length).toString('latin1')).slice(
      0,
      MOST_LINE_BYTES
    );
    return bytes;
  }

  private takeHead(chunk: Buffer): Buffer {
    const end = chunk.indexOf(0x0a);
    this.head += chunk.subarray(0, end === -1 ? chunk.length : end).toString('latin1');
    if (this.head.length > MOST_LINE_BYTES) {
      throw new Error('the host announced no size');
    }
    if (end === -1) {
      return NOTHING;
    }
    if (!/^\d+$/.test(this.head)) {
      throw new Error(`the host announced no size, but ${this.head}`);
    }
    this.announced = Number(this.head);
    this.left = Math.min(this.mostBytes, Math.max(0, this.announced - this.offset));
    return chunk.subarray(end + 1);
  }
}
