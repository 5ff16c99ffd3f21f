import type { SourceFacts } from './source-facts';

/**
 * Remembers what sources say, by the hash of their bytes. It may forget anything at any time; facts
 * are never changed after they were handed over.
 */
export interface IFactsCache {
  get(sha256: string): SourceFacts | undefined;
  set(sha256: string, facts: SourceFacts): void;
}

/** About the memory that a source's facts and their keys take. */
function weightOf({ imports, paths }: SourceFacts): number {
  const { imports: found, dynamic, pathEntries, exported } = imports;
  const items = found.length + dynamic.length + pathEntries.length + exported.length;
  return 500 + 250 * (items + paths.uses.length);
}

const MOST_BYTES = 128 * 2 ** 20;

/** Keeps the facts that were used last, up to about so many bytes of memory. */
export class MemoryFactsCache implements IFactsCache {
  constructor(private readonly mostBytes = MOST_BYTES) {}

  get(sha256: string): SourceFacts | undefined {
    const found = this.kept.get(sha256);
    if (found !== undefined) {
      // A Map keeps the order of insertion: what was used last stands last.
      this.kept.delete(sha256);
      this.kept.set(sha256, found);
    }
    return found?.facts;
  }

  set(sha256: string, facts: SourceFacts): void {
    this.drop(sha256);
    const bytes = weightOf(facts);
    this.kept.set(sha256, { facts, bytes });
    this.bytes += bytes;
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.mostBytes) {
        break;
      }
      this.drop(oldest);
    }
  }

  private drop(sha256: string): void {
    this.bytes -= this.kept.get(sha256)?.bytes ?? 0;
    this.kept.delete(sha256);
  }

  private readonly kept = new Map<string, { facts: SourceFacts; bytes: number }>();
  private bytes = 0;
}
