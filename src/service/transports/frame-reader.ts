import { beginMark, endMark } from './shell-frame';

type FrameEvents = {
  /** Bytes before the frame: what a login printed. */
  onNoise?: (bytes: Buffer) => void;
  /** The begin mark was seen; `value` is the number that it carries. */
  onBegin: (value: number) => void;
  /** Bytes between the marks. */
  onPayload: (bytes: Buffer) => void;
  /** The end mark was seen; `value` is the number that it carries. */
  onEnd: (value: number) => void;
};

const NOTHING = Buffer.alloc(0);

/** Length of the longest end of `bytes` that may be the beginning of `mark`. */
function possibleMarkBytes(bytes: Buffer, mark: Buffer): number {
  const first = mark.subarray(0, 1);
  let at = bytes.indexOf(first, Math.max(0, bytes.length - mark.length + 1));
  while (at !== -1) {
    const length = bytes.length - at;
    if (bytes.subarray(at).equals(mark.subarray(0, length))) {
      return length;
    }
    at = bytes.indexOf(first, at + 1);
  }
  return 0;
}

/** Finds the marks of a frame in chunks cut anywhere; what lies outside them is dropped. */
export class FrameReader {
  #state: 'before' | 'inside' | 'after' = 'before';
  #held: Buffer = NOTHING;
  readonly #begin: Buffer;
  readonly #end: Buffer;

  constructor(
    nonce: string,
    private readonly events: FrameEvents
  ) {
    this.#begin = Buffer.from(beginMark(nonce));
    this.#end = Buffer.from(endMark(nonce));
  }

  push(chunk: Buffer): void {
    if (this.#state === 'after') {
      return;
    }
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#state === 'before') {
      const found = this.#seek(bytes, this.#begin, this.events.onNoise ?? (() => undefined));
      bytes = found.rest;
      if (found.value !== null) {
        this.#state = 'inside';
        this.events.onBegin(found.value);
        this.#held = NOTHING;
        this.push(bytes);
        return;
      }
    } else {
      const found = this.#seek(bytes, this.#end, this.events.onPayload);
      bytes = found.rest;
      if (found.value !== null) {
        this.#state = 'after';
        this.#held = NOTHING;
        this.events.onEnd(found.value);
        return;
      }
    }
    this.#held = bytes;
  }

  /** Pass on what comes before the mark; `rest` is what follows it, or must wait for more. */
  #seek(
    bytes: Buffer,
    mark: Buffer,
    onBytes: (bytes: Buffer) => void
  ): { value: number | null; rest: Buffer } {
    const at = bytes.indexOf(mark);
    const safe = at === -1 ? bytes.length - possibleMarkBytes(bytes, mark) : at;
    if (safe > 0) {
      onBytes(bytes.subarray(0, safe));
    }
    const lineEnd = at === -1 ? -1 : bytes.indexOf('\n', at + mark.length);
    if (lineEnd === -1) {
      return { value: null, rest: bytes.subarray(safe) };
    }
    const value = Number(bytes.toString('latin1', at + mark.length, lineEnd));
    return { value, rest: bytes.subarray(lineEnd + 1) };
  }
}
