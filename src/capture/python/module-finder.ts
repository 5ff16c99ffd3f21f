import type { IFileTree } from '../file-tree';
import { isBelow } from '../posix-path';
import { ALWAYS_BUILT_IN, SOMETIMES_BUILT_IN } from './always-built-in';
import type { KernelAnswers } from './kernel-answers';
import {
  type FilePlace,
  foundPlace,
  type ModulePlace,
  namedPlace,
  namedPortions,
  packagePortion,
  type Portion,
  portionInside,
  rootPortion
} from './module-place';
import { isExtensionSuffix, type PythonKind } from './module-suffix';

/** What lies in a folder; extension modules apart, as few folders have any. */
type Listing = { names: ReadonlySet<string>; extensions: readonly string[] };

export type FinderOptions = {
  files: IFileTree;
  /** Where Python looks, in order; absolute. */
  sysPath: readonly string[];
  installedRoots: readonly string[];
  python: PythonKind;
  kernel: KernelAnswers;
};

const BUILT_IN = { kind: 'installed', root: null } as const;
const MISSING = { kind: 'missing' } as const;

/** Finds modules as the kernel's imports would, on disk in Python's order; remembers each answer. */
export class ModuleFinder {
  constructor(private readonly options: FinderOptions) {}

  /** What `import name` would load here. */
  find(name: string): Promise<ModulePlace> {
    let place = this.places.get(name);
    if (place === undefined) {
      place = this.findAnew(name);
      this.places.set(name, place);
    }
    return place;
  }

  /** Names of the local modules directly in a package; null: outside any. */
  async namesIn(parent: string | null): Promise<string[]> {
    const names = new Set<string>();
    for (const { folder } of await this.portionsOf(parent)) {
      for (const entry of (await this.list(folder)).names) {
        const name = await this.nameOf(folder, entry);
        if (name !== null && !this.isInstalled(`${folder}/${entry}`)) {
          names.add(name);
        }
      }
    }
    return [...names].sort();
  }

  private async portionsOf(parent: string | null): Promise<readonly Portion[]> {
    if (parent === null) {
      return this.options.sysPath.map(rootPortion);
    }
    const place = await this.find(parent);
    const inside = place.kind === 'file' ? packagePortion(place) : null;
    return inside ? [inside] : place.kind === 'namespace' ? place.portions : [];
  }

  private async nameOf(folder: string, entry: string): Promise<string | null> {
    const [, name = '', suffix = ''] = /^([^.]+)(.*)$/.exec(entry) ?? [];
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || name === '__init__' || name === '__pycache__') {
      return null;
    }
    if (suffix === '') {
      const inside = await this.list(`${folder}/${entry}`);
      return this.moduleFile(inside, '__init__') === null ? null : name;
    }
    const isModule = suffix === '.py' || isExtensionSuffix(suffix, this.options.python);
    return isModule ? name : null;
  }

  private async findAnew(name: string): Promise<ModulePlace> {
    if (ALWAYS_BUILT_IN.has(name)) {
      return BUILT_IN;
    }
    const named = await this.askKernel(name);
    if (named !== null) {
      return named;
    }
    const cut = name.lastIndexOf('.');
    if (cut !== -1) {
      return this.findInside(await this.find(name.slice(0, cut)), name.slice(cut + 1));
    }
    const place = await this.search(this.options.sysPath.map(rootPortion), name);
    return place.kind === 'missing' && SOMETIMES_BUILT_IN.has(name) ? BUILT_IN : place;
  }

  private async askKernel(name: string): Promise<ModulePlace | null> {
    const answer = this.options.kernel.of(name);
    if (answer === null) {
      return null;
    }
    if (answer.file === null) {
      return answer.folders.length === 0
        ? null
        : this.asNamespace(namedPortions(name, answer.folders));
    }
    const isLocal = !this.isInstalled(answer.file) && (await this.isFile(answer.file));
    return isLocal ? namedPlace(name, answer.file) : null;
  }

  private async findInside(parent: ModulePlace, name: string): Promise<ModulePlace> {
    switch (parent.kind) {
      case 'namespace':
        return this.search(parent.portions, name);
      case 'file': {
        const inside = packagePortion(parent);
        return inside === null ? MISSING : this.search([inside], name);
      }
      default:
        return parent;
    }
  }

  /** A package or module in an earlier folder wins; folders without `__init__` are gathered. */
  private async search(portions: readonly Portion[], name: string): Promise<ModulePlace> {
    const namespace: Portion[] = [];
    for (const portion of portions) {
      const listing = await this.list(portion.folder);
      const deeper = portionInside(portion, name);
      const inside = listing.names.has(name) ? await this.list(deeper.folder) : null;
      const initial = inside && this.moduleFile(inside, '__init__');
      if (initial) {
        return this.asPlace(foundPlace(deeper, initial, true));
      }
      const file = this.moduleFile(listing, name);
      const place = file === null ? null : foundPlace(portion, file, false);
      if (place !== null && (await this.isFile(place.file))) {
        return this.asPlace(place);
      }
      if (inside && (await this.isFolder(deeper.folder))) {
        namespace.push(deeper);
      }
    }
    return this.asNamespace(namespace);
  }

  private asPlace(place: FilePlace): ModulePlace {
    return this.isInstalled(place.file) ? { kind: 'installed', root: place.root } : place;
  }

  private asNamespace(portions: readonly Portion[]): ModulePlace {
    const [first] = portions;
    if (first === undefined) {
      return MISSING;
    }
    const areInstalled = portions.every(portion => this.isInstalled(portion.folder));
    return areInstalled ? { kind: 'installed', root: first.root } : { kind: 'namespace', portions };
  }

  private isInstalled(path: string): boolean {
    return this.options.installedRoots.some(root => isBelow(path, root));
  }

  /** The file in a folder that Python takes for a name: extensions, source, bytecode. */
  private moduleFile({ names, extensions }: Listing, name: string): string | null {
    const extension = extensions.find(
      each =>
        each.startsWith(`${name}.`) &&
        isExtensionSuffix(each.slice(name.length), this.options.python)
    );
    const others = [`${name}.py`, `${name}.pyc`].filter(each => names.has(each));
    return extension ?? others[0] ?? null;
  }

  private list(folder: string): Promise<Listing> {
    let listing = this.folders.get(folder);
    if (!listing) {
      listing = this.options.files.list(folder).then(names => ({
        names: new Set(names ?? []),
        extensions: (names ?? []).filter(name => name.endsWith('.so')).sort()
      }));
      this.folders.set(folder, listing);
    }
    return listing;
  }

  private async isFile(path: string): Promise<boolean> {
    return (await this.options.files.stat(path))?.kind === 'file';
  }

  private async isFolder(path: string): Promise<boolean> {
    return (await this.options.files.stat(path))?.kind === 'folder';
  }

  private readonly places = new Map<string, Promise<ModulePlace>>();
  private readonly folders = new Map<string, Promise<Listing>>();
}
