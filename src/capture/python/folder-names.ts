import type { IFileTree } from '../file-tree';

/** What lies in some folders: most relative paths of code name nothing there, and their start tells. */
export class FolderNames {
  /** List the folders once. */
  static async of(files: IFileTree, folders: readonly string[]): Promise<FolderNames> {
    const lists = await Promise.all(folders.map(folder => files.list(folder)));
    return new FolderNames(
      new Map(folders.map((folder, index) => [folder, new Set(lists[index] ?? [])]))
    );
  }

  private constructor(private readonly names: ReadonlyMap<string, ReadonlySet<string>>) {}

  /** False: nothing is at a relative path in a folder, nor below it. */
  mayHave(folder: string, path: string): boolean {
    const end = path.indexOf('/');
    const first = end === -1 ? path : path.slice(0, end);
    const isUnclear = first === '' || first === '.' || first === '..';
    return isUnclear || (this.names.get(folder)?.has(first) ?? true);
  }
}
