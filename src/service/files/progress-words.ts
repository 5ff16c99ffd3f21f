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
    this.tell(
      `fetching files, ${files} of ${total.files}, ` +
        `${sizeWords(bytes)} of ${sizeWords(total.bytes)}, ${sizeWords(rate)}/s`
    );
  }
}
