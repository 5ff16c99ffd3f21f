import { type Deferred, deferred } from '../transports/deferred';
import type { Tree } from './shipment';
import type { KnownTree } from './tree-change';

/** So long nothing that was seen there is asked for again. */
const KNOWN_MS = 30_000;
/** So long the files of a snapshot or a worker are not looked at again. */
const WEIGHED_MS = 24 * 3_600_000;
const MOST_TREES = 12;

/** What the service remembers of one root on one host. */
export class HostMemory {
  private readonly seenMs = new Map<string, number>();
  private readonly weighedMs = new Map<string, number>();
  private readonly damaged = new Set<string>();
  private readonly doubted = new Set<string>();
  private readonly busy = new Map<string, Deferred<void>>();
  private trees: KnownTree[] = [];

  constructor(private readonly nowMs: () => number) {}

  /** It was there just now. */
  isThere(place: string): boolean {
    return this.nowMs() - (this.seenMs.get(place) ?? -Infinity) < KNOWN_MS;
  }

  needsWeighing(place: string): boolean {
    return this.nowMs() - (this.weighedMs.get(place) ?? -Infinity) >= WEIGHED_MS;
  }

  isDamaged(place: string): boolean {
    return this.damaged.has(place);
  }

  /** Somebody found it to be other than it was sent: it is sent anew. */
  noteDamaged(place: string): void {
    this.forget(place);
    this.damaged.add(place);
  }

  isDoubted(place: string): boolean {
    return this.doubted.has(place);
  }

  /** It may be other than it was sent: that is looked at before it is used again. */
  noteDoubted(place: string): void {
    this.forget(place);
    this.doubted.add(place);
  }

  forget(place: string): void {
    this.seenMs.delete(place);
    this.weighedMs.delete(place);
    this.trees = this.trees.filter(({ hash }) => place !== `snapshots/${hash}`);
  }

  /** It is there, whole; and a task that waits for it need not wait any longer. */
  noteThere(place: string, tree?: Tree): void {
    this.seenMs.set(place, this.nowMs());
    if (this.needsWeighing(place)) {
      this.weighedMs.set(place, this.nowMs());
    }
    this.damaged.delete(place);
    this.doubted.delete(place);
    this.release([place]);
    if (tree !== undefined) {
      const { entries, manifest } = tree;
      this.noteTree({ hash: place.slice(place.indexOf('/') + 1), entries, manifest });
    }
  }

  noteTree(tree: KnownTree): void {
    this.trees = [tree, ...this.trees.filter(({ hash }) => hash !== tree.hash)];
    this.trees.length = Math.min(this.trees.length, MOST_TREES);
  }

  /** Trees that lie there, as far as is known. */
  get known(): readonly KnownTree[] {
    return this.trees;
  }

  /** Whoever else is about to bring one of these; null: they are the caller's to bring now. */
  claim(places: readonly string[]): Promise<unknown> | null {
    const others = places.map(place => this.busy.get(place)).filter(each => each !== undefined);
    if (others.length > 0) {
      return Promise.all(others.map(({ promise }) => promise));
    }
    places.forEach(place => this.busy.set(place, deferred()));
    return null;
  }

  /** Whether it went well or not. */
  release(places: readonly string[]): void {
    for (const place of places) {
      this.busy.get(place)?.resolve();
      this.busy.delete(place);
    }
  }
}
