import { parser } from '@lezer/python';
import type { Capture, LeftOut, Note } from '../../shared/wire/capture';
import { type FileRules, NO_RULES } from '../file-rules';
import type { IFileTree } from '../file-tree';
import { levelsUp, relativePath, resolvePath } from '../posix-path';
import { blankMagics } from './blank-magics';
import { dataFiles, type CapturedData, MOST_LEVELS_UP, type Undecided } from './data-files';
import { type CapturedModule, ImportFollower } from './import-follower';
import { importsOf, type SourceImports } from './imports-of';
import { ModuleFinder } from './module-finder';
import { pathFactsOf } from './path-facts';

/** The part of the kernel's answer that following starts from. */
export type FollowStart = Pick<
  Capture,
  'python' | 'cwd' | 'sysPath' | 'installedRoots' | 'modules'
>;

export type FollowOptions = {
  /** The cell as it was typed. */
  source: string;
  capture: FollowStart;
  files: IFileTree;
  /** What people chose about data files; absent: nothing. */
  rules?: FileRules;
};

/** What a cell needs of this machine's disk. */
export type Captured = {
  /** Folders of `sys.path` that modules were taken from, in its order. */
  roots: string[];
  modules: CapturedModule[];
  files: CapturedData[];
  leftOut: LeftOut[];
  /** Large data files of which a person says whether they travel. */
  undecided: Undecided[];
  /** Absolute paths that the code reads and that are not here. */
  absolute: string[];
  notes: Note[];
  /** The notebook's folder, from which the paths of `files` are seen. */
  cwd: string;
};

/**
 * Follow the imports of a cell, and of the modules that the kernel named, over the disk, and list
 * the data files that the cell names. Rejects with `module-unreadable`.
 */
export async function followImports(options: FollowOptions): Promise<Captured> {
  const { source, capture, files, rules = NO_RULES } = options;
  const plain = blankMagics(source);
  const found = importsOf(plain);
  const sysPath = withCellEntries(capture, found);
  const { installedRoots, python } = capture;
  const finder = new ModuleFinder({ files, sysPath, installedRoots, python });
  const follower = new ImportFollower(files, finder);
  follower.addSource(found, 'the cell', null);
  for (const module of capture.modules) {
    follower.addModule(module, 'needed by a name of the kernel');
  }
  await follower.run();
  const { modules } = follower;
  const folders = relativeEntries(capture.cwd, found);
  const data = await dataFiles({
    sources: [
      {
        who: 'the cell',
        facts: pathFactsOf(parser.parse(plain), source, true),
        file: null,
        root: null,
        package: null
      }
    ],
    cwd: capture.cwd,
    files,
    constants: {},
    folders,
    rules
  });
  return {
    roots: sysPath.filter(root => modules.some(module => module.root === root)),
    modules,
    files: merge(data.files, modulesInPlace(modules, capture.cwd, folders)),
    leftOut: [...follower.leftOut, ...data.leftOut],
    undecided: data.undecided,
    absolute: data.absolute,
    notes: data.notes,
    cwd: capture.cwd
  };
}

/** The kernel may not have run the cell yet, so what it puts on `sys.path` counts too. */
function withCellEntries(capture: FollowStart, found: SourceImports): string[] {
  const entries = [...capture.sysPath];
  for (const { folder, isFirst } of found.pathEntries) {
    const absolute = resolvePath(capture.cwd, folder);
    if (!entries.includes(absolute)) {
      entries.splice(isFirst ? 0 : entries.length, 0, absolute);
    }
  }
  return entries;
}

/** The relative folders that the cell itself puts on `sys.path`. */
function relativeEntries(cwd: string, found: SourceImports): Set<string> {
  const relative = found.pathEntries.filter(({ folder }) => !folder.startsWith('/'));
  return new Set(relative.map(({ folder }) => resolvePath(cwd, folder)));
}

/**
 * Modules below such a folder also lie at their place below the working directory, so that the
 * cell's own `sys.path.append` finds there what it finds here.
 */
function modulesInPlace(
  modules: readonly CapturedModule[],
  cwd: string,
  folders: ReadonlySet<string>
): CapturedData[] {
  return modules
    .filter(({ root }) => folders.has(root))
    .map(({ absolute, bytes, sha256, mode, module }) => {
      const why = `module ${module}, in a folder that the cell puts on sys.path`;
      return { absolute, bytes, sha256, mode, path: relativePath(cwd, absolute), why };
    })
    .filter(({ path }) => levelsUp(path) <= MOST_LEVELS_UP);
}

function merge(data: CapturedData[], modules: CapturedData[]): CapturedData[] {
  const byPath = new Map([...modules, ...data].map(file => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
