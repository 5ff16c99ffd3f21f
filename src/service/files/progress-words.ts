import { sizeWords } from '../../shared/size-words';

const TELL_EVERY_MS = 1000;

/** Says how far the fetching is, once a second. */
export class ProgressWords {
  private readonly beganMs: number;
  private toldMs: number;

  constructor(
    private readonly nowMs: () => number,
    private readonly total: { files: number; bytes: number },
    private readonly tell: (words: string) => void
  ) {
    this.beganMs = nowMs();
    this.toldMs = this.beganMs;
    const files = total.files === 1 ? '1 file' : `${total.files} files`;
    tell(`fetching ${files}, ${sizeWords(total.bytes)}`);
  }

  came(files: number, bytes: number): void {
    const nowMs = this.nowMs();
    if (nowMs - this.toldMs < TELL_EVERY_MS) {
      return;
    }
    this.toldMs = nowMs;
    const rate = bytes / ((nowMs - this.beganMs) / 1000);
    const { total } = this;
    const howMuch = [
      `${files} of ${total.files}`,
      // Empty files have no rate.
      ...(bytes > 0 ? [`${sizeWords(bytes)} of ${sizeWords(total.bytes)}`] : []),
      ...(rate >= 1 ? [`${sizeWords(rate)}/s`] : [])
    ];
    this.tell(`fetching files, ${howMuch.join(', ')}`);
  }
}
