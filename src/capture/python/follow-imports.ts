import type { Capture, LeftOut, LoadedModule, Note } from '../../shared/wire/capture';
import { type FileRules, NO_RULES } from '../file-rules';
import type { IFileTree } from '../file-tree';
import { CaptureMemory } from './capture-memory';
import { type CapturedData, dataFiles, type Undecided } from './data-files';
import { type FollowPass, followPass, type PassOptions, type Program } from './follow-pass';
import { asNamed, type FollowedSource } from './followed-source';
import { IdleCode } from './idle-code';
import type { CapturedModule, ImportFollower, InstalledImport } from './import-follower';
import { modulesInPlace, programFiles } from './in-place';
import { KernelAnswers } from './kernel-answers';
import { ModuleFinder } from './module-finder';
import { mergeData } from './merge-data';
import { ModuleReader } from './module-reader';
import { neededBy } from './needed-by';
import { type NeededPackage, neededPackages } from './needed-packages';
import { notebookTexts } from './notebook-texts';
import { addedFolders, withFolders } from './search-path';

/** The part of the kernel's answer that following starts from. */
export type FollowStart = Pick<
  Capture,
  'python' | 'cwd' | 'sysPath' | 'installedRoots' | 'modules'
> &
  Partial<
    Pick<Capture, 'imports' | 'constants' | 'sources' | 'loaded' | 'hooked' | 'prelude' | 'values'>
  >;

export type FollowOptions = {
  /** The cell as it was typed. */
  source: string;
  capture: FollowStart;
  files: IFileTree;
  /** What people chose about data files; absent: nothing. */
  rules?: FileRules;
  /** What earlier captures learned; absent: nothing. */
  memory?: CaptureMemory;
};

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
  /** Folders that are here and that the code writes into or goes to, as seen from the notebook. */
  folders: string[];
  notes: Note[];
  /** The notebook's folder, from which the paths of `files` are seen. */
  cwd: string;
};

/** Folders that lead to further folders are as rare as this. */
const MOST_PASSES = 8;

/**
 * Follow the imports of a cell, and of the modules that the kernel named, over the disk, and list
 * the data files that the code names. Rejects with `module-unreadable`.
 */
export async function followImports(options: FollowOptions): Promise<Captured> {
  const { capture, files, rules = NO_RULES, memory = new CaptureMemory() } = options;
  const { cwd, constants = {} } = capture;
  const reader = new ModuleReader({ files, known: memory.facts, cwd, constants });
  const { pass, sysPath, relative } = await followAll(options, reader);
  const followers = [pass.main, ...pass.programs.map(({ followed }) => followed)];
  const all = distinct(followers.flatMap(({ modules }) => modules));
  const modules = all.filter(
    ({ root }) => pass.main.modules.some(each => each.root === root) || sysPath.includes(root)
  );
  const sources = distinctSources(followers);
  const data = await dataFiles({
    sources: sources.map(asNamed),
    cwd,
    files,
    constants,
    folders: relative,
    rules,
    idle: idleCode(options, all, pass.programs, memory)
  });
  const installed = [
    ...followers.flatMap(each => each.installed),
    ...(await importedInKernel(options, sysPath))
  ];
  return {
    roots: rootsOf(modules, sysPath),
    modules,
    files: mergeData([
      ...modulesInPlace(all, cwd, relative),
      ...programFiles(pass.programs, cwd),
      ...data.files
    ]),
    packages: await neededPackages(installed, memory.distributions, files),
    leftOut: [...distinctNames(followers.flatMap(each => each.leftOut)), ...data.leftOut],
    undecided: data.undecided,
    absolute: data.absolute,
    folders: data.folders,
    notes: [
      ...distinctNames(followers.flatMap(each => each.notes)),
      ...changedNotes(all, capture.loaded ?? []),
      ...data.notes
    ],
    cwd
  };
}

/** What of the modules may never run. */
function idleCode(
  { source, capture, files }: FollowOptions,
  modules: readonly CapturedModule[],
  programs: readonly Program[],
  memory: CaptureMemory
): IdleCode {
  const { sources = [], prelude = [] } = capture;
  const texts = [source, ...[...prelude, ...sources].map(each => each.source)];
  const started = programs.flatMap(({ followed }) => followed.sources);
  const scripts = started.flatMap(({ isMain, file }) => (isMain && file !== null ? [file] : []));
  return new IdleCode({ texts, kernel: capture, modules, programs: scripts, files, memory });
}

type Followed = { pass: FollowPass; sysPath: string[]; relative: Set<string> };

/** Follow until no source puts a further folder on `sys.path`. */
async function followAll(
  { source, capture, files }: FollowOptions,
  reader: ModuleReader
): Promise<Followed> {
  const { cwd, installedRoots, python } = capture;
  const texts = notebookTexts({ ...capture, source });
  const kernel = new KernelAnswers(capture.loaded ?? [], capture.hooked ?? []);
  let added = await addedFolders(texts, reader, { cwd, files });
  for (let round = 1; ; round += 1) {
    const sysPath = withFolders(capture.sysPath, added);
    const options: PassOptions = {
      texts,
      modules: capture.modules.map(module => ({ module, why: neededBy(module, capture) })),
      cwd,
      finder: { files, sysPath, installedRoots, python, kernel },
      reader,
      isPythonKnown: installedRoots.length > 0
    };
    const pass = await followPass(options);
    const followers = [pass.main, ...pass.programs.map(({ followed }) => followed)];
    const sources = distinctSources(followers);
    const now = await addedFolders(sources, reader, { cwd, files });
    if (round === MOST_PASSES || now.every(({ folder }) => sysPath.includes(folder))) {
      const relative = now.filter(({ isRelative }) => isRelative).map(({ folder }) => folder);
      return { pass, sysPath, relative: new Set(relative) };
    }
    added = now;
  }
}

/** Modules that names of the notebook are bound to. */
async function importedInKernel(
  { capture, files }: FollowOptions,
  sysPath: string[]
): Promise<InstalledImport[]> {
  const { installedRoots, python, imports = [] } = capture;
  const kernel = new KernelAnswers(capture.loaded ?? [], capture.hooked ?? []);
  const finder = new ModuleFinder({ files, sysPath, installedRoots, python, kernel });
  const found: InstalledImport[] = [];
  for (const { name, module } of imports) {
    const place = await finder.find(module);
    if (place.kind === 'installed' && place.root !== null) {
      found.push({ module, root: place.root, why: `imported in the notebook as ${name}` });
    }
  }
  return found;
}

/** In the order of `sys.path`; roots that only import hooks know come last. */
function rootsOf(modules: readonly CapturedModule[], sysPath: readonly string[]): string[] {
  const used = new Set(modules.map(({ root }) => root));
  const known = [...new Set(sysPath)].filter(root => used.has(root));
  return [...known, ...[...used].filter(root => !known.includes(root)).sort()];
}

function distinct(modules: readonly CapturedModule[]): CapturedModule[] {
  const byPlace = new Map<string, CapturedModule>();
  for (const module of modules) {
    const place = `${module.root}\n${module.path}`;
    if (!byPlace.has(place)) {
      byPlace.set(place, module);
    }
  }
  return [...byPlace.values()];
}

function distinctSources(followers: readonly ImportFollower[]): FollowedSource[] {
  const seen = new Set<string>();
  return followers
    .flatMap(({ sources }) => sources)
    .filter(({ file }) => file === null || (!seen.has(file) && seen.add(file)));
}

function distinctNames<T extends { name: string }>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(({ name }) => !seen.has(name) && seen.add(name));
}

/** What the kernel runs is not what travels. */
function changedNotes(modules: readonly CapturedModule[], loaded: readonly LoadedModule[]): Note[] {
  const changed = new Set(loaded.filter(({ isChanged }) => isChanged).map(({ file }) => file));
  const text =
    'edited since the kernel imported it: the file on disk travels; restart the kernel, or reload ' +
    'the module, to have the same here';
  return modules
    .filter(({ absolute }) => changed.has(absolute))
    .map(({ path }) => ({ kind: 'module' as const, name: path, text }));
}
