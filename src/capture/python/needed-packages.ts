import type { IFileTree } from '../file-tree';
import type { Distributions } from './distributions';
import type { InstalledImport } from './import-follower';

/** An installed distribution that the code imports. */
export type NeededPackage = { name: string; version: string; why: string };

/** The distributions of what is imported and installed, by name; Python's own modules are of none. */
export async function neededPackages(
  imports: readonly InstalledImport[],
  distributions: Distributions,
  files: IFileTree
): Promise<NeededPackage[]> {
  const found = new Map<string, NeededPackage>();
  for (const { module, root, why } of imports) {
    const distribution = await distributions.find(module, root, files);
    if (distribution !== null && !found.has(distribution.name)) {
      const { name, version } = distribution;
      found.set(name, { name, version, why });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
