import type { CapturedData } from './data-files';

/** One list of data files; one that several ways lead to lies wherever any of them wants it. */
export function mergeData(files: readonly CapturedData[]): CapturedData[] {
  const byPath = new Map<string, CapturedData>();
  for (const file of files) {
    const known = byPath.get(file.path);
    byPath.set(file.path, known ? joined(known, file) : file);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function joined(first: CapturedData, second: CapturedData): CapturedData {
  const merged = { ...first, ...second };
  const roots = [...(first.besideRoots ?? []), ...(second.besideRoots ?? [])];
  if (roots.length > 0) {
    merged.besideRoots = [...new Set(roots)].sort();
  }
  if (first.isOnlyBeside !== second.isOnlyBeside) {
    delete merged.isOnlyBeside;
  }
  return merged;
}
