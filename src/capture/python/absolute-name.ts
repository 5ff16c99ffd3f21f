import type { ImportFound } from './source-imports';

/** The module in which an import stands; null: the notebook or a script, which have no package. */
export type Importer = { module: string; isPackage: boolean } | null;

/** The dotted name of the package around a module, `__package__` there; null: none. */
export function packageOf(importer: Importer): string | null {
  if (importer === null) {
    return null;
  }
  const cut = importer.module.lastIndexOf('.');
  const parent = cut === -1 ? null : importer.module.slice(0, cut);
  return importer.isPackage ? importer.module : parent;
}

/** The dotted name that an import means; null where Python would refuse it. */
export function absoluteName(
  found: Pick<ImportFound, 'level' | 'module'>,
  importer: Importer
): string | null {
  if (found.level === 0) {
    return found.module;
  }
  const parts = packageOf(importer)?.split('.') ?? [];
  const kept = parts.length - found.level + 1;
  if (kept <= 0) {
    return null;
  }
  return [...parts.slice(0, kept), ...(found.module === '' ? [] : [found.module])].join('.');
}

/** The same of a name with leading dots. */
export function absoluteText(name: string, importer: Importer): string | null {
  const level = /^\.*/.exec(name)?.[0].length ?? 0;
  return absoluteName({ level, module: name.slice(level) }, importer);
}
