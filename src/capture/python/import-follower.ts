import type { SluiceError } from '../../shared/errors';
import type { LeftOut, Note } from '../../shared/wire/capture';
import { absoluteName, type Importer, packageOf } from './absolute-name';
import { guessModules } from './guess-modules';
import { ModuleReports } from './module-reports';
import type { FilePlace, ModulePlace } from './module-place';
import type { ModuleFinder } from './module-finder';
import type { CapturedFile } from './module-file';
import type { ModuleReader } from './module-reader';
import type { FollowedSource } from './followed-source';
import type { ImportFound } from './source-imports';
import { type WantedModule, WantedModules } from './wanted-modules';

/** A local module that travels; `path` is seen from its import root. */
export type CapturedModule = CapturedFile & {
  path: string;
  root: string;
  module: string;
  why: string;
};

/** An installed module that is imported; `root` is the entry of `sys.path` that has it. */
export type InstalledImport = { module: string; root: string; why: string };

/** How many files are open at once. */
const BATCH = 48;

/** Follows imports from module to module, each once, in a fixed order. */
export class ImportFollower {
  readonly modules: CapturedModule[] = [];
  /** All sources that were followed: those added, then modules as they were found. */
  readonly sources: FollowedSource[] = [];
  readonly installed: InstalledImport[] = [];

  constructor(
    private readonly finder: ModuleFinder,
    private readonly reader: ModuleReader,
    isPythonKnown: boolean
  ) {
    this.reports = new ModuleReports(isPythonKnown);
  }

  get leftOut(): LeftOut[] {
    return this.reports.leftOut;
  }

  get notes(): Note[] {
    return this.reports.notes;
  }

  /** Want what a source imports. */
  addSource(source: FollowedSource): void {
    this.sources.push(source);
    for (const each of source.facts.imports.imports) {
      if (source.isMain || !each.isMain) {
        this.addImport(each, `imported by ${source.who}, line ${each.line}`, source.importer);
      }
    }
    const isDynamic = source.facts.imports.dynamic.length > 0;
    if (isDynamic) {
      this.guessing.push(source);
    }
  }

  /** Want a module that the kernel named, and the packages around it. */
  addModule(module: string, why: string): void {
    const top = module.split('.')[0] ?? module;
    this.wanted.add({ module: top, why, isMaybe: false });
    // What follows may be no module but an attribute of one.
    this.wanted.add({ module, why, isMaybe: true });
  }

  /** Want a module that runs as a program: `python -m`. */
  addProgram(module: string, why: string): void {
    for (const each of [module, `${module}.__main__`]) {
      this.programs.add(each);
      this.wanted.add({ module: each, why, isMaybe: each !== module });
    }
  }

  /** Follow everything that was wanted. Rejects with `module-unreadable`. */
  async run(): Promise<void> {
    while (!this.wanted.isEmpty || this.guessing.length > 0) {
      if (!this.wanted.isEmpty) {
        await this.take(this.wanted.take(BATCH));
        this.addStars();
      } else {
        await this.guess(this.guessing.splice(0));
      }
    }
    for (const [module, { error, why }] of this.unreadable) {
      if (this.wanted.isNeeded(module)) {
        throw error;
      }
      this.reports.leaveUnreadable(module, error, why);
    }
    this.reportHollow();
    this.modules.sort((a, b) => order(a.root, b.root) || order(a.path, b.path));
  }

  private addImport(found: ImportFound, why: string, importer: Importer): void {
    const module = absoluteName(found, importer);
    if (module === null) {
      this.reports.leaveRelative('.'.repeat(found.level) + found.module, why);
      return;
    }
    this.wanted.add({ module, why, isMaybe: found.isOptional });
    for (const name of found.names ?? []) {
      if (name === '*') {
        this.stars.set(module, why);
      } else {
        this.wanted.add({ module: `${module}.${name}`, why, isMaybe: true });
      }
    }
  }

  private async take(batch: readonly WantedModule[]): Promise<void> {
    const found = await Promise.all(
      batch.map(async ({ module }) => {
        const place = await this.finder.find(module);
        return { place, read: place.kind === 'file' ? await this.reader.read(place) : null };
      })
    );
    found.forEach(({ place, read }, index) => {
      const request = batch[index];
      if (request === undefined) {
        return;
      }
      if (place.kind !== 'file' || read === null) {
        this.takeOther(request, place);
      } else if ('error' in read) {
        this.unreadable.set(request.module, { error: read.error, why: request.why });
      } else {
        this.keep(request, place, read.file, read.facts);
        this.modules.push(...read.libraries.map(each => ({ ...each, module: request.module })));
      }
    });
  }

  private takeOther({ module, why, isAround }: WantedModule, place: ModulePlace): void {
    if (place.kind === 'missing') {
      this.missing.add(module);
      this.reportMissing(module, why);
    } else if (place.kind === 'namespace') {
      this.namespaces.set(module, why);
    } else if (place.kind === 'installed' && place.root !== null && !isAround) {
      this.installed.push({ module, root: place.root, why });
    }
  }

  private keep(
    { module, why }: WantedModule,
    place: FilePlace,
    file: CapturedFile,
    facts: FollowedSource['facts'] | null
  ): void {
    const { root, path } = place;
    this.modules.push({ ...file, path, root, module, why });
    if (facts === null) {
      return;
    }
    const importer = { module, isPackage: place.folder !== null };
    this.exported.set(module, importer.isPackage ? facts.imports.exported : []);
    this.reports.noteFault(path, facts.fault);
    this.addSource({
      who: path,
      facts,
      file: place.file,
      root,
      importer,
      package: packageOf(importer),
      isMain: this.programs.has(module)
    });
  }

  /** `from package import *` also imports the submodules that `__all__` names. */
  private addStars(): void {
    for (const [module, why] of this.stars) {
      for (const name of this.exported.get(module) ?? []) {
        this.wanted.add({ module: `${module}.${name}`, why, isMaybe: true });
      }
    }
  }

  /** Want what imports without a constant name may mean, and say that it is a guess. */
  private async guess(sources: readonly FollowedSource[]): Promise<void> {
    for (const source of sources) {
      const { dynamic, words, isListing } = source.facts.imports;
      const { importer, who } = source;
      const scope = this.reader.scopeOf(source);
      for (const { name, text, line } of dynamic.filter(each => source.isMain || !each.isMain)) {
        const options = { name, scope, importer, words, isListing, finder: this.finder };
        const { modules, isCertain } = await guessModules(options);
        const verb = isCertain ? 'imported' : 'may be imported';
        for (const module of modules) {
          this.wanted.add({ module, why: `${verb} by ${who}, line ${line}`, isMaybe: !isCertain });
        }
        if (!isCertain) {
          this.reports.leaveDynamic(text, `${who}, line ${line}`, modules);
        }
      }
    }
  }

  /** Once, and only for the outermost name that is nowhere. */
  private reportMissing(module: string, why: string): void {
    const parent = module.slice(0, Math.max(module.lastIndexOf('.'), 0));
    if (this.missing.has(module) && this.wanted.isNeeded(module) && !this.missing.has(parent)) {
      this.reports.leaveMissing(module, why);
    }
  }

  /** A folder without any module of it that travels is not there to be imported. */
  private reportHollow(): void {
    for (const [module, why] of this.namespaces) {
      const isInside = (other: string): boolean => other.startsWith(`${module}.`);
      const isFilled = this.modules.some(each => isInside(each.module));
      if (this.wanted.isNeeded(module) && !isFilled && ![...this.missing].some(isInside)) {
        this.reports.leaveHollow(module, why);
      }
    }
  }

  private readonly reports: ModuleReports;
  private readonly wanted = new WantedModules((module, why) => {
    this.reportMissing(module, why);
  });
  private readonly guessing: FollowedSource[] = [];
  private readonly missing = new Set<string>();
  private readonly namespaces = new Map<string, string>();
  private readonly programs = new Set<string>();
  private readonly unreadable = new Map<string, { error: SluiceError; why: string }>();
  private readonly stars = new Map<string, string>();
  private readonly exported = new Map<string, string[]>();
}

/** By code unit, so that no machine's language changes the order. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
