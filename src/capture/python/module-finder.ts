import type { IFileTree } from '../file-tree';
import { isBelow } from '../posix-path';
import { ALWAYS_BUILT_IN, SOMETIMES_BUILT_IN } from './always-built-in';

/** A folder in which Python looks, and the entry of `sys.path` that it lies below. */
type Portion = { folder: string; root: string };

/** What lies in a folder; extension modules apart, as few folders have any. */
type Listing = { names: ReadonlySet<string>; extensions: readonly string[] };

/** What Python would load for a dotted name. */
export type ModulePlace =
  | {
      kind: 'file';
      file: string;
      root: string;
      /** The package's folder; null for a plain module. */
      folder: string | null;
      /** Whether it can be read for imports of its own. */
      isSource: boolean;
    }
  | { kind: 'namespace'; portions: readonly Portion[] }
  /** Of an installed distribution or of the standard library. */
  | { kind: 'installed' }
  | { kind: 'missing' };

export type FinderOptions = {
  files: IFileTree;
  /** Where Python looks, in order; absolute. */
  sysPath: readonly string[];
  installedRoots: readonly string[];
  /** Of the kernel; null where it is not known. */
  python: { version: string; implementation: string } | null;
};

const INSTALLED = { kind: 'installed' } as const;
const MISSING = { kind: 'missing' } as const;

/** Finds modules on disk in Python's order; remembers each answer. */
export class ModuleFinder {
  constructor(private readonly options: FinderOptions) {}

  /** What `import name` would load here, not counting import hooks. */
  find(name: string): Promise<ModulePlace> {
    const known = this.places.get(name);
    if (known) {
      return known;
    }
    const place = this.findAnew(name);
    this.places.set(name, place);
    return place;
  }

  private async findAnew(name: string): Promise<ModulePlace> {
    const cut = name.lastIndexOf('.');
    if (cut !== -1) {
      return this.findInside(await this.find(name.slice(0, cut)), name.slice(cut + 1));
    }
    if (ALWAYS_BUILT_IN.has(name)) {
      return INSTALLED;
    }
    const portions = this.options.sysPath.map(folder => ({ folder, root: folder }));
    const place = await this.search(portions, name);
    return place.kind === 'missing' && SOMETIMES_BUILT_IN.has(name) ? INSTALLED : place;
  }

  private async findInside(parent: ModulePlace, name: string): Promise<ModulePlace> {
    switch (parent.kind) {
      case 'namespace':
        return this.search(parent.portions, name);
      case 'file':
        return parent.folder === null
          ? MISSING
          : this.search([{ folder: parent.folder, root: parent.root }], name);
      default:
        return parent;
    }
  }

  /** A package or module in an earlier folder wins; folders without `__init__` are gathered. */
  private async search(portions: readonly Portion[], name: string): Promise<ModulePlace> {
    const namespace: Portion[] = [];
    for (const portion of portions) {
      const listing = await this.list(portion.folder);
      const folder = `${portion.folder === '/' ? '' : portion.folder}/${name}`;
      const inside = listing.names.has(name) ? await this.list(folder) : null;
      const initial = inside && this.moduleFile(inside, '__init__');
      if (initial) {
        return this.asPlace(portion.root, `${folder}/${initial}`, folder);
      }
      const file = this.moduleFile(listing, name);
      if (file && (await this.isFile(`${portion.folder}/${file}`))) {
        return this.asPlace(portion.root, `${portion.folder}/${file}`, null);
      }
      if (inside && (await this.isFolder(folder))) {
        namespace.push({ folder, root: portion.root });
      }
    }
    return this.asNamespace(namespace);
  }

  private asPlace(root: string, file: string, folder: string | null): ModulePlace {
    return this.isInstalled(file)
      ? INSTALLED
      : { kind: 'file', file, root, folder, isSource: file.endsWith('.py') };
  }

  private asNamespace(portions: readonly Portion[]): ModulePlace {
    if (portions.length === 0) {
      return MISSING;
    }
    const areInstalled = portions.every(portion => this.isInstalled(portion.folder));
    return areInstalled ? INSTALLED : { kind: 'namespace', portions };
  }

  private isInstalled(path: string): boolean {
    return this.options.installedRoots.some(root => isBelow(path, root));
  }

  /** The file in a folder that Python takes for a name: extensions, source, bytecode. */
  private moduleFile({ names, extensions }: Listing, name: string): string | null {
    const extension = extensions.find(
      each => each.startsWith(`${name}.`) && this.isExtensionSuffix(each.slice(name.length))
    );
    const others = [`${name}.py`, `${name}.pyc`].filter(each => names.has(each));
    return extension ?? others[0] ?? null;
  }

  private isExtensionSuffix(suffix: string): boolean {
    if (suffix === '.so' || suffix === '.abi3.so') {
      return true;
    }
    const { python } = this.options;
    const [major = '', minor = ''] = python?.version.split('.') ?? [];
    const tag = !python
      ? '.'
      : python.implementation === 'cpython'
        ? `.cpython-${major}${minor}`
        : `.${python.implementation}${major}${minor}`;
    return (
      suffix.endsWith('.so') && suffix.startsWith(tag) && !/^\d/.test(suffix.slice(tag.length))
    );
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
