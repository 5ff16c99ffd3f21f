import { baseName, isBelow, normalizePath, relativePath } from '../posix-path';
import type { NamedSource } from './data-files';
import type { PathExpression } from './path-expression';
import type { WorkBudget } from './work-budget';

export type PackageFolder = { folder: string; root: string | null };

/** Finds among the sources those that others mean by a name. */
export class ModuleIndex {
  constructor(sources: readonly NamedSource[]) {
    for (const source of sources) {
      const module = moduleOf(source);
      if (module !== null && !this.byModule.has(module)) {
        this.byModule.set(module, source);
        this.notePackages(module, source);
      }
      for (const [name, calls] of Object.entries(source.facts.calls)) {
        const known = this.callers.get(name) ?? [];
        calls.forEach(given => known.push({ given, caller: source }));
        this.callers.set(name, known);
      }
    }
  }

  /** The module that a name stands for in a source (`import x as name`). */
  ofName(name: string, source: NamedSource): NamedSource | null {
    const module = this.absolute(name, source);
    return module === null ? null : (this.byModule.get(module) ?? null);
  }

  /** Where a name of a source really is: in the module that it was imported from. */
  nameElsewhere(name: string, source: NamedSource): { name: string; source: NamedSource } | null {
    const [first = '', ...rest] = name.split('.');
    const bare = first.replace(/[[(].*$/, '');
    const from = Object.hasOwn(source.facts.imported, bare) ? source.facts.imported[bare] : null;
    if (!from) {
      return null;
    }
    const module = resolveModule(from.module, source);
    const taken = [...(from.name === null ? [] : [from.name + first.slice(bare.length)]), ...rest];
    for (let end = taken.length - 1; end >= 0; end -= 1) {
      const found = this.byModule.get([module, ...taken.slice(0, end)].join('.'));
      const left = taken.slice(end).join('.');
      if (found && found !== source && left !== '') {
        return { name: left, source: found };
      }
    }
    return null;
  }

  /** What callers anywhere give for a parameter of that name. */
  argumentsFor(
    parameter: string,
    source: NamedSource,
    budget: WorkBudget
  ): { path: PathExpression; caller: NamedSource }[] {
    const found: { path: PathExpression; caller: NamedSource }[] = [];
    const functions = Object.hasOwn(source.facts.parameters, parameter)
      ? (source.facts.parameters[parameter] ?? [])
      : [];
    for (const { function: name, position } of functions) {
      for (const { given, caller } of this.callers.get(name) ?? []) {
        if (!budget.take(1)) {
          return found;
        }
        const path = given.keywords[parameter] ?? given.positional[position];
        if (path) {
          found.push({ path, caller });
        }
      }
    }
    return found;
  }

  /** The folder of a package by its dotted name. */
  folderOf(module: string): PackageFolder | null {
    const source = this.byModule.get(module);
    if (source?.file) {
      return { folder: normalizePath(`${source.file}/..`), root: source.root };
    }
    // A package without `__init__` is known by what lies in it.
    const root = this.rootOfPackage.get(module);
    return root === undefined
      ? null
      : { folder: normalizePath(`${root}/${module.replace(/\./g, '/')}`), root };
  }

  folderOfName(name: string, source: NamedSource): PackageFolder | null {
    const module = this.absolute(name, source);
    return module === null ? null : this.folderOf(module);
  }

  /** The folder of the package that a source belongs to. */
  ownFolder({ file, root }: NamedSource): PackageFolder | null {
    return file === null ? null : { folder: normalizePath(`${file}/..`), root };
  }

  private notePackages(module: string, { root }: NamedSource): void {
    for (let end = module.lastIndexOf('.'); end > 0 && root !== null;) {
      const around = module.slice(0, end);
      if (this.rootOfPackage.has(around)) {
        return;
      }
      this.rootOfPackage.set(around, root);
      end = around.lastIndexOf('.');
    }
  }

  private absolute(name: string, source: NamedSource): string | null {
    const [first = '', ...rest] = name.split('.');
    const from = Object.hasOwn(source.facts.imported, first) ? source.facts.imported[first] : null;
    if (!from) {
      return null;
    }
    const module = resolveModule(from.module, source);
    return [module, ...(from.name === null ? [] : [from.name]), ...rest]
      .filter(part => part !== '')
      .join('.');
  }

  private readonly byModule = new Map<string, NamedSource>();
  /** Where the packages lie that modules are in, by their dotted names. */
  private readonly rootOfPackage = new Map<string, string>();
  private readonly callers = new Map<
    string,
    { given: NamedSource['facts']['calls'][string][number]; caller: NamedSource }[]
  >();
}

/** The dotted name of a source, by its place below its root. */
function moduleOf({ file, root }: NamedSource): string | null {
  if (file === null || root === null || !isBelow(file, root)) {
    return null;
  }
  const path = relativePath(root, file).replace(/\.[^/]*$/, '');
  const folder = baseName(path) === '__init__' ? path.replace(/\/?__init__$/, '') : path;
  return folder.replace(/\//g, '.');
}

function resolveModule(module: string, { package: own }: NamedSource): string {
  const level = /^\.*/.exec(module)?.[0].length ?? 0;
  if (level === 0) {
    return module;
  }
  const parts = own === null ? [] : own.split('.');
  const base = parts.slice(0, Math.max(0, parts.length - (level - 1)));
  return [...base, ...module.slice(level).split('.')].filter(part => part !== '').join('.');
}
