import type { ImportFound } from './imports-of';

/** The module in which an import stands; null: the cell, which has no package. */
export type Importer = { module: string; isPackage: boolean } | null;

/** The dotted name that an import means; null where Python would refuse it. */
export function absoluteName(
  found: Pick<ImportFound, 'level' | 'module'>,
  importer: Importer
): string | null {
  if (found.level === 0) {
    return found.module;
  }
  if (!importer) {
    return null;
  }
  const parts = importer.module.split('.');
  const dropped = found.level - (importer.isPackage ? 1 : 0);
  if (dropped >= parts.length) {
    return null;
  }
  const base = parts.slice(0, parts.length - dropped);
  return [...base, ...(found.module === '' ? [] : [found.module])].join('.');
}
