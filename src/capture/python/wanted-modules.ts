/** A module that something wants. */
export type WantedModule = {
  module: string;
  why: string;
  /** No word is lost on it when it is nowhere: an optional import, or perhaps only an attribute. */
  isMaybe: boolean;
  /** Only a package around what is wanted. */
  isAround?: true;
};

/** The cell on the cluster gets this package from the worker. */
const SUPPLIED = new Set(['sluice', '_sluice']);

/** The modules that wait to be followed, each once, packages before what is in them. */
export class WantedModules {
  /** `onNeeded` is told once of each module without which the run fails. */
  constructor(private readonly onNeeded: (module: string, why: string) => void) {}

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  add(wanted: WantedModule): void {
    const { module, why, isMaybe } = wanted;
    const top = module.indexOf('.');
    if (module === '' || SUPPLIED.has(top === -1 ? module : module.slice(0, top))) {
      return;
    }
    for (let end = top; end !== -1; end = module.indexOf('.', end + 1)) {
      const around = module.slice(0, end);
      this.addOne({ module: around, why: `package of ${module}`, isMaybe, isAround: true });
    }
    this.addOne({ module, why, isMaybe });
  }

  /** Those that wait longest. */
  take(count: number): WantedModule[] {
    return this.waiting.splice(0, count);
  }

  isNeeded(module: string): boolean {
    return this.needed.has(module);
  }

  private addOne(wanted: WantedModule): void {
    if (!this.seen.has(wanted.module)) {
      this.seen.add(wanted.module);
      this.waiting.push(wanted);
    }
    if (!wanted.isMaybe && !this.needed.has(wanted.module)) {
      this.needed.add(wanted.module);
      this.onNeeded(wanted.module, wanted.why);
    }
  }

  private readonly waiting: WantedModule[] = [];
  private readonly seen = new Set<string>();
  private readonly needed = new Set<string>();
}
