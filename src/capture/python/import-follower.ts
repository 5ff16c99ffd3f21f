import type { LeftOut } from '../../shared/wire/capture';
import type { IFileTree } from '../file-tree';
import { relativePath } from '../posix-path';
import { absoluteName, type Importer } from './absolute-name';
import type { NamedSource } from './data-files';
import type { IFactsCache } from './facts-cache';
import type { ImportFound, SourceImports } from './imports-of';
import { type CapturedFile, orUnreadable, readCaptured } from './module-file';
import type { ModuleFinder, ModulePlace } from './module-finder';
import { type SourceFacts, sourceFacts } from './source-facts';

/** A local module that travels; `path` is seen from its import root. */
export type CapturedModule = CapturedFile & {
  path: string;
  root: string;
  module: string;
  why: string;
};

type Request = {
  module: string;
  why: string;
  /** No word is lost on it when it is nowhere: an optional import, or perhaps only an attribute. */
  isMaybe: boolean;
};

type FilePlace = Extract<ModulePlace, { kind: 'file' }>;

/** The cell on the cluster gets this package from the worker. */
const SUPPLIED = new Set(['sluice', '_sluice']);

/** How many files are open at once. */
const BATCH = 48;

/** Follows imports from module to module over the disk, each once, in a fixed order. */
export class ImportFollower {
  readonly modules: CapturedModule[] = [];
  readonly leftOut: LeftOut[] = [];
  /** What the modules that are sources say of files. */
  readonly sources: NamedSource[] = [];

  constructor(
    private readonly files: IFileTree,
    private readonly finder: ModuleFinder,
    private readonly known: IFactsCache
  ) {}

  /** Want what a source imports; `who` names it to a person. */
  addSource(found: SourceImports, who: string, importer: Importer): void {
    for (const each of found.imports) {
      this.addImport(each, `imported by ${who}, line ${each.line}`, importer);
    }
    for (const { text, line } of found.dynamic) {
      const reason = `which module this imports (${who}, line ${line}) is known only when it runs`;
      this.leave(text, reason);
    }
  }

  /** Want a module that the kernel named, and the packages around it. */
  addModule(module: string, why: string): void {
    const top = module.split('.')[0] ?? module;
    this.add({ module: top, why, isMaybe: false });
    // What follows may be no module but an attribute of one.
    this.add({ module, why, isMaybe: true });
  }

  /** Follow everything that was wanted. Rejects with `module-unreadable`. */
  async run(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.take(this.waiting.splice(0, BATCH));
      this.addStars();
    }
    this.modules.sort((a, b) => order(a.root, b.root) || order(a.path, b.path));
    this.sources.sort((a, b) => order(a.file ?? '', b.file ?? ''));
  }

  private addImport(found: ImportFound, why: string, importer: Importer): void {
    const module = absoluteName(found, importer);
    if (module === null) {
      this.leave('.'.repeat(found.level) + found.module, 'a relative import outside any package');
      return;
    }
    this.add({ module, why, isMaybe: found.isOptional });
    for (const name of found.names ?? []) {
      if (name === '*') {
        this.stars.set(module, why);
      } else {
        this.add({ module: `${module}.${name}`, why, isMaybe: true });
      }
    }
  }

  private add(request: Request): void {
    const parts = request.module.split('.');
    if (SUPPLIED.has(parts[0] ?? '')) {
      return;
    }
    for (let end = 1; end <= parts.length; end += 1) {
      const module = parts.slice(0, end).join('.');
      const isWhole = end === parts.length;
      const why = isWhole ? request.why : `package of ${request.module}`;
      this.addOne({ module, why, isMaybe: request.isMaybe });
    }
  }

  private addOne(request: Request): void {
    if (!this.seen.has(request.module)) {
      this.seen.add(request.module);
      this.waiting.push(request);
    }
    if (!request.isMaybe && !this.needed.has(request.module)) {
      this.needed.add(request.module);
      this.reportMissing(request.module, request.why);
    }
  }

  private async take(batch: readonly Request[]): Promise<void> {
    const places = await Promise.all(batch.map(({ module }) => this.finder.find(module)));
    const read = await Promise.all(
      places.map(async place => (place.kind === 'file' ? this.read(place) : null))
    );
    batch.forEach((request, index) => {
      const place = places[index];
      const file = read[index];
      if (place?.kind === 'file' && file) {
        this.keep(request, place, file.file, file.facts);
      } else if (place?.kind === 'missing') {
        this.missing.add(request.module);
        this.reportMissing(request.module, request.why);
      }
    });
  }

  private async read(place: FilePlace): Promise<{ file: CapturedFile; facts: SourceFacts | null }> {
    const { facts: file, content } = await readCaptured(this.files, place.file);
    if (!place.isSource) {
      return { file, facts: null };
    }
    const known = this.known.get(file.sha256);
    if (known !== undefined) {
      return { file, facts: known };
    }
    const bytes = content ?? (await orUnreadable(place.file, this.files.read(place.file)));
    const facts = sourceFacts(this.files.decode(bytes));
    this.known.set(file.sha256, facts);
    return { file, facts };
  }

  private keep(
    request: Request,
    place: FilePlace,
    file: CapturedFile,
    facts: SourceFacts | null
  ): void {
    const { module, why } = request;
    const { root } = place;
    const path = relativePath(root, place.file);
    this.modules.push({ ...file, path, root, module, why });
    if (facts === null) {
      return;
    }
    const isPackage = place.folder !== null;
    const parent = isPackage ? module : module.slice(0, Math.max(module.lastIndexOf('.'), 0));
    this.exported.set(module, isPackage ? facts.imports.exported : []);
    this.addSource(facts.imports, path, { module, isPackage });
    this.sources.push({
      who: path,
      facts: facts.paths,
      file: place.file,
      root,
      package: parent === '' ? null : parent
    });
  }

  /** `from package import *` also imports the submodules that `__all__` names. */
  private addStars(): void {
    for (const [module, why] of this.stars) {
      for (const name of this.exported.get(module) ?? []) {
        this.add({ module: `${module}.${name}`, why, isMaybe: true });
      }
    }
  }

  /** Once, and only for the outermost name that is nowhere. */
  private reportMissing(module: string, why: string): void {
    const parent = module.slice(0, Math.max(module.lastIndexOf('.'), 0));
    if (this.missing.has(module) && this.needed.has(module) && !this.missing.has(parent)) {
      this.leave(module, `not found here; ${why}`);
    }
  }

  private leave(name: string, reason: string): void {
    if (!this.leftOut.some(each => each.name === name)) {
      this.leftOut.push({ kind: 'module', name, reason });
    }
  }

  private readonly waiting: Request[] = [];
  private readonly seen = new Set<string>();
  private readonly needed = new Set<string>();
  private readonly missing = new Set<string>();
  private readonly stars = new Map<string, string>();
  private readonly exported = new Map<string, string[]>();
}

/** By code unit, so that no machine's language changes the order. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
