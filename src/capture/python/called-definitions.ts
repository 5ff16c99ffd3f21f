import type { CodeWords, Definition, Definitions } from './definitions-of';

/** A captured module, and what its text says. */
export type CalledModule = { module: string; definitions: Definitions };

/** Objects in which any module may be found. */
const EVERYWHERE = /^(?:sys|importlib)(?:\.|$)/;

/**
 * Which functions of the captured modules the code may come to call. What cannot be told counts as
 * called: a name anywhere in code that runs, or in a string there, is enough; where code looks for
 * computed names in a module, every function counts.
 */
export class CalledDefinitions {
  /** `start`: words of the cell and of all that the kernel gives it. */
  constructor(
    /** By the place of their file. */
    private readonly modules: ReadonlyMap<string, CalledModule>,
    private readonly start: ReadonlySet<string>,
    isStartDynamic: boolean
  ) {
    for (const { module } of modules.values()) {
      const parts = module.split('.');
      parts.forEach((_, index) => this.local.add(parts.slice(0, index + 1).join('.')));
    }
    this.isAll = isStartDynamic;
    this.follow();
  }

  /** The functions of a module that nothing comes to call. */
  idleIn(file: string): readonly Definition[] {
    const all = this.modules.get(file)?.definitions.definitions ?? [];
    return this.isAll ? [] : all.filter(each => !this.called.has(each));
  }

  private follow(): void {
    this.start.forEach(word => this.words.add(word));
    let waiting: { definition: Definition; of: Definitions }[] = [];
    for (const { definitions: of } of this.modules.values()) {
      this.run(of, of);
      waiting.push(...of.definitions.map(definition => ({ definition, of })));
    }
    for (let before = -1; before !== waiting.length && !this.isAll;) {
      before = waiting.length;
      waiting = waiting.filter(({ definition, of }) => {
        const isCalled = this.isCalled(definition);
        if (isCalled) {
          this.called.add(definition);
          this.run(definition, of);
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

  private run({ words, lookups }: CodeWords, { imported }: Definitions): void {
    words.forEach(word => this.words.add(word));
    for (const name of lookups) {
      const meaning = imported.get(name) ?? name;
      this.isAll ||= name === '*' || EVERYWHERE.test(meaning) || this.isLocal(meaning);
    }
  }

  /** An object that is no module gives only what its class has. */
  private isLocal(meaning: string): boolean {
    return meaning.startsWith('.') || this.local.has(meaning);
  }

  private readonly words = new Set<string>();
  private readonly called = new Set<Definition>();
  private readonly local = new Set<string>();
  /** Something looks names up while it runs: then every function counts. */
  private isAll: boolean;
}
