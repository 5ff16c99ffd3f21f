import type { IFileTree } from '../file-tree';

/** Folders that tools keep for themselves. */
export const TOOL_FOLDERS: ReadonlySet<string> = new Set([
  '__pycache__',
  '.git',
  '.hg',
  '.svn',
  '.ipynb_checkpoints',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  'node_modules'
]);

/** How many names one expansion looks at, and how many files it may give. */
const MOST_NAMES = 100_000;
const MOST_FOUND = 10_000;
const MOST_DEPTH = 40;

/** Looks through folders, bounded, and never twice round a loop of links. */
export class FolderWalk {
  readonly found = new Set<string>();
  isCut = false;

  constructor(
    private readonly files: IFileTree,
    /** Whether names that begin with a dot are seen. */
    private readonly seesHidden: boolean
  ) {}

  /** The names in a folder, sorted by code unit. */
  async names(folder: string): Promise<string[]> {
    const names = [...((await this.files.list(folder)) ?? [])].sort();
    this.looked += names.length;
    if (this.looked > MOST_NAMES) {
      this.isCut = true;
      return [];
    }
    return names;
  }

  /** Keep what is a file, or what only a look at it will tell: sockets and devices are not. */
  async keepFile(path: string): Promise<void> {
    if (this.found.size >= MOST_FOUND) {
      this.isCut = true;
      return;
    }
    const facts = await this.files.stat(path);
    if (facts?.kind === 'file' || (!facts && path.includes('\ufffd'))) {
      this.found.add(path);
    }
  }

  async isFolder(path: string): Promise<boolean> {
    return (await this.files.stat(path))?.kind === 'folder';
  }

  /** A folder and all below it. */
  async foldersBelow(folder: string): Promise<string[]> {
    const all: string[] = [];
    await this.descend(folder, [], all);
    return all;
  }

  private async descend(folder: string, above: readonly string[], all: string[]): Promise<void> {
    const facts = await this.files.stat(folder);
    const isLoop = facts?.id !== undefined && above.includes(facts.id);
    if (facts?.kind !== 'folder' || isLoop || above.length > MOST_DEPTH || this.isCut) {
      return;
    }
    all.push(folder);
    for (const name of await this.names(folder)) {
      if (this.seesHidden || !name.startsWith('.')) {
        const inner = `${folder === '/' ? '' : folder}/${name}`;
        await this.descend(inner, [...above, facts.id ?? folder], all);
      }
    }
  }

  private looked = 0;
}

/** All files below a folder that code reads whole; sorted. */
export async function filesBelow(
  files: IFileTree,
  folder: string
): Promise<{ paths: string[]; isCut: boolean }> {
  const walk = new FolderWalk(files, true);
  for (const each of await walk.foldersBelow(folder)) {
    const below = each.slice(folder.length).split('/');
    if (!below.some(name => TOOL_FOLDERS.has(name))) {
      for (const name of await walk.names(each)) {
        await walk.keepFile(`${each}/${name}`);
      }
    }
  }
  return { paths: [...walk.found].sort(), isCut: walk.isCut };
}

/** The files that lie in a folder itself; sorted. */
export async function filesIn(
  files: IFileTree,
  folder: string
): Promise<{ paths: string[]; isCut: boolean }> {
  const walk = new FolderWalk(files, true);
  for (const name of await walk.names(folder)) {
    await walk.keepFile(`${folder}/${name}`);
  }
  return { paths: [...walk.found].sort(), isCut: walk.isCut };
}
