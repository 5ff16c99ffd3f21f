import { isBelow, levelsUp, relativePath } from '../posix-path';
import { type CapturedData, MOST_LEVELS_UP } from './data-files';
import type { Program } from './follow-pass';
import type { CapturedModule } from './import-follower';

/**
 * Modules that also lie at their place below the working directory: those of folders that code puts
 * on `sys.path` from there, so that it finds them as here.
 */
export function modulesInPlace(
  modules: readonly CapturedModule[],
  cwd: string,
  folders: ReadonlySet<string>
): CapturedData[] {
  return modules
    .filter(({ root }) => folders.has(root))
    .map(module => asData(module, cwd, 'in a folder that the code puts on sys.path'))
    .filter(({ path }) => levelsUp(path) <= MOST_LEVELS_UP);
}

/** Scripts and what only they import: a process of its own looks beside the script, or where it was started. */
export function programFiles(programs: readonly Program[], cwd: string): CapturedData[] {
  return programs
    .flatMap(program => {
      const { folder, followed, why } = program;
      const beside = followed.modules
        .filter(({ absolute, root }) => root === folder || isBelow(absolute, cwd))
        .map(module => asData(module, cwd, why));
      return program.kind === 'module'
        ? beside
        : [{ ...program.file, path: relativePath(cwd, program.file.absolute), why }, ...beside];
    })
    .filter(({ path }) => levelsUp(path) <= MOST_LEVELS_UP);
}

function asData(module: CapturedModule, cwd: string, why: string): CapturedData {
  const { absolute, bytes, sha256, mode } = module;
  const path = relativePath(cwd, absolute);
  return { absolute, bytes, sha256, mode, path, why: `module ${module.module}, ${why}` };
}
