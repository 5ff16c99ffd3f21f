import type { Capture, LeftOut, Note } from '../../shared/wire/capture';
import { type FileRules, NO_RULES } from '../file-rules';
import type { IFileTree } from '../file-tree';
import { levelsUp, relativePath, resolvePath } from '../posix-path';
import { dataFiles, type CapturedData, MOST_LEVELS_UP, type Undecided } from './data-files';
import { type IFactsCache, MemoryFactsCache } from './facts-cache';
import { type CapturedModule, ImportFollower } from './import-follower';
import type { SourceImports } from './imports-of';
import { ModuleFinder } from './module-finder';
import { cellFacts, type SourceFacts } from './source-facts';

/** The part of the kernel's answer that following starts from. */
export type FollowStart = Pick<
  Capture,
  'python' | 'cwd' | 'sysPath' | 'installedRoots' | 'modules'
> &
  Partial<Pick<Capture, 'imports' | 'constants' | 'sources' | 'loaded' | 'hooked' | 'prelude'>>;

export type FollowOptions = {
  /** The cell as it was typed. */
  source: string;
  capture: FollowStart;
  files: IFileTree;
  /** What people chose about data files; absent: nothing. */
  rules?: FileRules;
  /** What sources were found to say before; absent: nothing. */
  known?: IFactsCache;
};

/** An installed distribution that the code imports. */
export type NeededPackage = { name: string; version: string; why: string };

/** What a cell needs of this machine's disk. */
export type Captured = {
  /** Folders of `sys.path` that modules were taken from, in its order. */
  roots: string[];
  modules: CapturedModule[];
  files: CapturedData[];
  /** Installed distributions that are imported. */
  packages: NeededPackage[];
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
  const { source, capture, files, rules = NO_RULES, known = new MemoryFactsCache() } = options;
  const texts = notebookTexts(source, capture);
  const found = texts.map(({ imports }) => imports);
  const sysPath = withCellEntries(capture, found);
  const { installedRoots, python } = capture;
  const finder = new ModuleFinder({ files, sysPath, installedRoots, python });
  const follower = new ImportFollower(files, finder, known);
  for (const { who, imports } of texts) {
    follower.addSource(imports, who, null);
  }
  for (const module of capture.modules) {
    follower.addModule(module, 'needed by a name of the kernel');
  }
  await follower.run();
  const { modules } = follower;
  const folders = relativeEntries(capture.cwd, found);
  const nowhere = { file: null, root: null, package: null };
  const data = await dataFiles({
    sources: [
      ...texts.map(({ who, paths }) => ({ ...nowhere, who, facts: paths })),
      ...follower.sources
    ],
    cwd: capture.cwd,
    files,
    constants: capture.constants ?? {},
    folders,
    rules
  });
  return {
    roots: sysPath.filter(root => modules.some(module => module.root === root)),
    modules,
    files: merge(data.files, modulesInPlace(modules, capture.cwd, folders)),
    packages: [],
    leftOut: [...follower.leftOut, ...data.leftOut],
    undecided: data.undecided,
    absolute: data.absolute,
    notes: data.notes,
    cwd: capture.cwd
  };
}

type NotebookText = SourceFacts & { who: string };

/** All code of the notebook that runs there: the cell, cells before it, functions and classes. */
function notebookTexts(
  source: string,
  { prelude = [], sources = [] }: FollowStart
): NotebookText[] {
  return [
    { who: 'the cell', ...cellFacts(source) },
    ...prelude.map(cell => ({ who: `the cell ${cell.name}`, ...cellFacts(cell.source) })),
    ...sources.map(each => ({ who: `${each.name} of the notebook`, ...cellFacts(each.source) }))
  ];
}

/** The kernel may not have run the cell yet, so what it puts on `sys.path` counts too. */
function withCellEntries(capture: FollowStart, found: readonly SourceImports[]): string[] {
  const entries = [...capture.sysPath];
  for (const { folder, isFirst } of found.flatMap(each => each.pathEntries)) {
    const absolute = resolvePath(capture.cwd, folder);
    if (!entries.includes(absolute)) {
      entries.splice(isFirst ? 0 : entries.length, 0, absolute);
    }
  }
  return entries;
}

/** The relative folders that the cell itself puts on `sys.path`. */
function relativeEntries(cwd: string, found: readonly SourceImports[]): Set<string> {
  const relative = found
    .flatMap(({ pathEntries }) => pathEntries)
    .filter(({ folder }) => !folder.startsWith('/'));
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
