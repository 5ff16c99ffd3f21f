/** Keeps the beginning and the end of a text that may be long: these say the most. */
export class LimitedText {
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  #droppedBytes = 0;

  constructor(private readonly halfBytes: number = 32 * 1024) {}

  push(bytes: Buffer): void {
    const room = this.halfBytes - this.#head.length;
    if (room > 0) {
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, room)]);
    }
    const rest = bytes.subarray(Math.max(0, room));
    if (rest.length > 0) {
      this.#pushTail(rest);
    }
  }

  #pushTail(bytes: Buffer): void {
    const joined = Buffer.concat([this.#tail, bytes]);
    const excess = Math.max(0, joined.length - this.halfBytes);
    this.#droppedBytes += excess;
    this.#tail = Buffer.from(joined.subarray(excess));
  }

  toString(): string {
    if (this.#droppedBytes === 0) {
      return Buffer.concat([this.#head, this.#tail]).toString('utf8');
    }
    const gap = `\n… ${this.#droppedBytes} bytes left out …\n`;
    return `${this.#head.toString('utf8')}${gap}${this.#tail.toString('utf8')}`;
  }
}
