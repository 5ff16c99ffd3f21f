import type { Definition, Definitions } from './definitions-of';

/**
 * Which functions of the captured modules the code may come to call. What cannot be told counts as
 * called: a name anywhere in code that runs, or in a string there, is enough.
 */
export class CalledDefinitions {
  /** `start`: words of the cell and of all that the kernel gives it. */
  constructor(
    /** By the place of their file. */
    private readonly modules: ReadonlyMap<string, Definitions>,
    private readonly start: ReadonlySet<string>,
    isStartDynamic: boolean
  ) {
    const all = [...this.modules.values()];
    this.isAll = isStartDynamic || all.some(({ isDynamic }) => isDynamic);
    if (!this.isAll) {
      this.follow(all);
    }
  }

  /** The function at a line of a module when nothing comes to call it; null: it may run. */
  idleAt(file: string, line: number): string | null {
    const found = this.modules
      .get(file)
      ?.definitions.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine);
    return this.isAll || !found || this.called.has(found) ? null : found.name;
  }

  private follow(all: readonly Definitions[]): void {
    this.learn(this.start);
    all.forEach(({ words }) => this.learn(words));
    let waiting = all.flatMap(({ definitions }) => definitions);
    for (let before = -1; before !== waiting.length;) {
      before = waiting.length;
      waiting = waiting.filter(each => {
        const isCalled = this.isCalled(each);
        if (isCalled) {
          this.called.add(each);
          this.learn(each.words);
        }
        return !isCalled;
      });
    }
  }

  /** Whoever has an object may call any method of it: a library that it was given to, say. */
  private isCalled({ name, className, isHook }: Definition): boolean {
    const isHeld = className === null ? isHook : this.words.has(className);
    return isHeld || this.words.has(name);
  }

  private learn(words: ReadonlySet<string>): void {
    words.forEach(word => this.words.add(word));
  }

  private readonly words = new Set<string>();
  private readonly called = new Set<Definition>();
  /** Something looks names up while it runs: then every function counts. */
  private readonly isAll: boolean;
}
