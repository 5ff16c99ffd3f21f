import type { IFileTree } from '../file-tree';
import { normalizePath, relativePath, resolvePath } from '../posix-path';
import { textsOf, UNKNOWN } from './expression-texts';
import type { FollowedSource } from './followed-source';
import { ImportFollower } from './import-follower';
import { type CapturedFile, readCaptured } from './module-file';
import { type FinderOptions, ModuleFinder } from './module-finder';
import type { ModuleReader } from './module-reader';

/** A program of its own that the code runs: a script, or a module by `-m`. */
export type Program = { why: string; folder: string; followed: ImportFollower } & (
  { kind: 'script'; file: CapturedFile } | { kind: 'module' }
);

/** What was found with one `sys.path`. */
export type FollowPass = { main: ImportFollower; programs: Program[] };

export type PassOptions = {
  texts: readonly FollowedSource[];
  /** Modules that the kernel named, and what needs them. */
  modules: readonly { module: string; why: string }[];
  cwd: string;
  finder: FinderOptions;
  reader: ModuleReader;
  isPythonKnown: boolean;
};

/** Follow everything once over one `sys.path`. Rejects with `module-unreadable`. */
export async function followPass(options: PassOptions): Promise<FollowPass> {
  const main = newFollower(options, options.finder.sysPath);
  for (const text of options.texts) {
    main.addSource(text);
  }
  for (const { module, why } of options.modules) {
    main.addModule(module, why);
  }
  await main.run();
  return { main, programs: await followPrograms(main.sources, options) };
}

function newFollower(options: PassOptions, sysPath: readonly string[]): ImportFollower {
  const finder = new ModuleFinder({ ...options.finder, sysPath });
  return new ImportFollower(finder, options.reader, options.isPythonKnown);
}

/** Programs have the folder that they are started from first on their own `sys.path`. */
async function followPrograms(
  sources: readonly FollowedSource[],
  options: PassOptions
): Promise<Program[]> {
  const programs = new Map<string, Program>();
  const waiting = [...sources];
  for (let source = waiting.shift(); source; source = waiting.shift()) {
    for (const { key, why, run } of await runsOf(source, options)) {
      if (!programs.has(key)) {
        const program = await followProgram(run, why, options);
        programs.set(key, program);
        waiting.push(...program.followed.sources);
      }
    }
  }
  return [...programs.values()];
}

type Run = { key: string; why: string; run: { script: string } | { module: string } };

async function runsOf(
  { facts, who, isMain, ...source }: FollowedSource,
  { reader, cwd, finder }: PassOptions
): Promise<Run[]> {
  const runs: Run[] = [];
  for (const run of facts.imports.runs.filter(each => isMain || !each.isMain)) {
    const why = `run by ${who}, line ${run.line}`;
    if (run.kind === 'module') {
      runs.push({ key: `-m ${run.module}`, why, run: { module: run.module } });
      continue;
    }
    const scope = reader.scopeOf({ facts, who, isMain, ...source });
    for (const text of textsOf(run.path, scope).filter(each => !each.includes(UNKNOWN))) {
      const script = resolvePath(cwd, text);
      if (script.endsWith('.py') && (await isFile(script, finder.files))) {
        runs.push({ key: script, why, run: { script } });
      }
    }
  }
  return runs;
}

async function followProgram(run: Run['run'], why: string, options: PassOptions): Promise<Program> {
  const { cwd, finder, reader } = options;
  if ('module' in run) {
    const followed = newFollower(options, [cwd, ...finder.sysPath]);
    followed.addProgram(run.module, why);
    await followed.run();
    return { kind: 'module', why, folder: cwd, followed };
  }
  const { facts: file, content } = await readCaptured(finder.files, run.script);
  const folder = normalizePath(`${run.script}/..`);
  const followed = newFollower(options, [folder, ...finder.sysPath]);
  followed.addSource({
    who: relativePath(cwd, run.script),
    facts: await reader.factsOf(file, content),
    file: run.script,
    root: null,
    package: null,
    importer: null,
    isMain: true
  });
  await followed.run();
  return { kind: 'script', file, why, folder, followed };
}

async function isFile(path: string, files: IFileTree): Promise<boolean> {
  return (await files.stat(path))?.kind === 'file';
}
