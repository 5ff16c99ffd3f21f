/** What a transfer tells is not worth more. */
const LEAST_PAUSE_MS = 250;
/** A rate of less time is noise. */
const LEAST_MEASURED_MS = 500;

function megabytes(bytes: number): string {
  const size = bytes / 1e6;
  return size >= 10 ? size.toFixed(0) : size.toFixed(1);
}

/** Tells how far a transfer is, in words, seldom enough for everybody who looks on. */
export class TransferProgress {
  private done = 0;
  private readonly startedMs: number;
  private toldMs = -Infinity;

  constructor(
    private readonly options: {
      /** `sending` or `fetching`. */
      verb: string;
      totalBytes: number;
      tell: (words: string) => void;
      nowMs: () => number;
      /** Bytes that an earlier try has moved. */
      doneBytes?: number;
    }
  ) {
    this.startedMs = options.nowMs();
  }

  add(bytes: number): void {
    this.done += bytes;
    const nowMs = this.options.nowMs();
    if (nowMs - this.toldMs >= LEAST_PAUSE_MS) {
      this.toldMs = nowMs;
      this.options.tell(this.words(nowMs));
    }
  }

  private words(nowMs: number): string {
    const { verb, totalBytes, doneBytes = 0 } = this.options;
    const passedMs = nowMs - this.startedMs;
    const done = Math.min(totalBytes, doneBytes + this.done);
    const rate =
      passedMs < LEAST_MEASURED_MS ? '' : `, ${megabytes((this.done * 1000) / passedMs)} MB/s`;
    return `${verb} ${megabytes(done)} of ${megabytes(totalBytes)} MB${rate}`;
  }
}
