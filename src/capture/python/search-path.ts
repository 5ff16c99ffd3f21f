import type { IFileTree } from '../file-tree';
import { resolvePath } from '../posix-path';
import { textsOf, UNKNOWN } from './expression-texts';
import type { FollowedSource } from './followed-source';
import type { ModuleReader } from './module-reader';

/** A folder that code puts on `sys.path`. */
export type AddedFolder = {
  folder: string;
  isFirst: boolean;
  /** Whether the code names it from the working directory, so that it must lie there too. */
  isRelative: boolean;
};

/** The folders that sources put on `sys.path`, as far as their text tells, and that are there. */
export async function addedFolders(
  sources: readonly FollowedSource[],
  reader: ModuleReader,
  { cwd, files }: { cwd: string; files: IFileTree }
): Promise<AddedFolder[]> {
  const added = new Map<string, AddedFolder>();
  for (const source of sources) {
    for (const edit of source.facts.imports.pathEntries) {
      if (edit.isMain && !source.isMain) {
        continue;
      }
      // A folder that is told from the working directory stays relative to it.
      const scope = { ...reader.scopeOf(source), cwd: '.' };
      for (const text of textsOf(edit.folder, scope)) {
        const folder = resolvePath(cwd, text);
        const isKnown = text !== '' && !text.includes(UNKNOWN) && !added.has(folder);
        if (isKnown && (await files.stat(folder))?.kind === 'folder') {
          added.set(folder, { folder, isFirst: edit.isFirst, isRelative: !text.startsWith('/') });
        }
      }
    }
  }
  return [...added.values()];
}

/** `sys.path` with these folders, unless it has them. */
export function withFolders(sysPath: readonly string[], added: readonly AddedFolder[]): string[] {
  const entries = [...sysPath];
  for (const { folder, isFirst } of added) {
    if (!entries.includes(folder)) {
      entries.splice(isFirst ? 0 : entries.length, 0, folder);
    }
  }
  return entries;
}
