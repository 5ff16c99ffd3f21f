import type { Stats } from 'node:fs';

/** A file system may date two writes alike that are less than this apart (FAT: two seconds). */
const COARSEST_CLOCK_MS = 2000;

const MOST_FILES = 100_000;

/** What changes whenever a file does, but for writes within one tick of the file system's clock. */
type Stamp = Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;

type Known = { stamp: Stamp; sha256: string };

function isSame(a: Stamp, b: Stamp): boolean {
  return (
    a.mtimeMs === b.mtimeMs &&
    a.ctimeMs === b.ctimeMs &&
    a.size === b.size &&
    a.ino === b.ino &&
    a.dev === b.dev
  );
}

/** Remembers the hashes of files that have not changed since, so that they need no reading again. */
export class FileHashes {
  constructor(private readonly mostFiles = MOST_FILES) {}

  get(path: string, stat: Stats): string | null {
    const known = this.known.get(path);
    if (known === undefined || !isSame(known.stamp, stat)) {
      return null;
    }
    // A Map keeps the order of insertion: what was used last stands last.
    this.known.delete(path);
    this.known.set(path, known);
    return known.sha256;
  }

  /**
   * Note a hash; `readAtMs` is when reading began. A file that was written just before may be
   * written again without a new date, so its hash is not kept.
   */
  set(path: string, stat: Stats, sha256: string, readAtMs: number): void {
    const { dev, ino, size, mtimeMs, ctimeMs } = stat;
    const changedAtMs = Math.max(mtimeMs, ctimeMs);
    this.known.delete(path);
    if (changedAtMs + COARSEST_CLOCK_MS > readAtMs) {
      return;
    }
    this.known.set(path, { stamp: { dev, ino, size, mtimeMs, ctimeMs }, sha256 });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= this.mostFiles) {
        break;
      }
      this.known.delete(oldest);
    }
  }

  private readonly known = new Map<string, Known>();
}
