import type { PathValue } from './path-values';

/** Values in the order in which they came, each once, and no more than so many. */
export class PathValueSet {
  readonly values: PathValue[] = [];

  constructor(private readonly most: number) {}

  get isFull(): boolean {
    return this.values.length >= this.most;
  }

  add(value: PathValue): void {
    const { text, base } = value;
    const key =
      base.kind === 'cwd'
        ? text
        : `\0${base.kind} ${base.kind === 'place' ? base.name : ''} ${text}`;
    if (!this.isFull && !this.seen.has(key)) {
      this.seen.add(key);
      this.values.push(value);
    }
  }

  private readonly seen = new Set<string>();
}
