import type { NamedSource } from './data-files';
import type { PathValue } from './path-values';

/** Names that lead to each other in circles are looked up no more often than this. */
const MOST_ROUNDS = 4;

type Entry = {
  /** Null: not known in full. */
  values: PathValue[] | null;
  /** The last that was found in the middle of a circle. */
  partial: PathValue[];
  rounds: number;
  /** Where it stands among those that are being looked up; -1: it is not. */
  at: number;
};

/**
 * What names stand for, each looked up once. What was cut short by a circle of names is not all of
 * it: such a name is looked up again from elsewhere, but only so often that the work stays in
 * proportion to the code.
 */
export class NameMemory {
  /** What a name of a source stands for; nothing while just that is being looked up. */
  of(source: NamedSource, name: string, lookUp: () => PathValue[]): PathValue[] {
    const entry = this.entry(source, name);
    if (entry.values !== null) {
      return entry.values;
    }
    if (entry.at >= 0) {
      this.lowest = Math.min(this.lowest, entry.at);
      return [];
    }
    if (entry.rounds >= MOST_ROUNDS && this.height > 0) {
      this.lowest = 0;
      return entry.partial;
    }
    return this.look(entry, lookUp);
  }

  /** What is being looked up is cut short: not even the names above it are known in full. */
  noteCut(): void {
    this.lowest = 0;
  }

  private look(entry: Entry, lookUp: () => PathValue[]): PathValue[] {
    const lowestAround = this.lowest;
    this.lowest = Infinity;
    entry.at = this.height;
    entry.rounds += 1;
    this.height += 1;
    const values = lookUp();
    this.height -= 1;
    if (this.lowest >= entry.at) {
      entry.values = values;
      this.lowest = lowestAround;
    } else {
      entry.partial = values;
      this.lowest = Math.min(this.lowest, lowestAround);
    }
    entry.at = -1;
    return values;
  }

  private entry(source: NamedSource, name: string): Entry {
    let names = this.entries.get(source);
    if (names === undefined) {
      names = new Map();
      this.entries.set(source, names);
    }
    let entry = names.get(name);
    if (entry === undefined) {
      entry = { values: null, partial: [], rounds: 0, at: -1 };
      names.set(name, entry);
    }
    return entry;
  }

  private readonly entries = new Map<NamedSource, Map<string, Entry>>();
  private height = 0;
  /** The outermost name that what is being looked up was cut short by. */
  private lowest = Infinity;
}
