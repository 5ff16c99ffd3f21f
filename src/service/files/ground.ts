import { chmod, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { levelsOf } from './name-problem';

/** Folders here into which a task's files may come. */
export type Ground = {
  /** Where the notebook's folder of the task lies here. */
  folder: string;
  /** How many folders above it belong to the task, too. */
  levels: number;
  /** Permissions that the person's own programs would leave out. */
  umask: number;
  /** A person named it: paths that lead above the notebook's folder come below it all the same. */
  isChosen: boolean;
};

export type Footing = { folder: string; path: string } | { problem: string };

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep));
}

/** The absolute path here that a file of the task belongs to; the path was judged before. */
export function placeOf({ folder, isChosen }: Ground, path: string): string {
  const place = isChosen ? path.split('/').slice(levelsOf(path)).join('/') : path;
  return resolve(folder, place);
}

/**
 * Make the folders of a file's place, one by one. A link on the way may lead elsewhere within the
 * task's folders here, never out of them.
 */
export async function prepareGround(ground: Ground, path: string): Promise<Footing> {
  const top = resolve(ground.folder, ...Array<string>(ground.levels).fill('..'));
  const place = placeOf(ground, path);
  if (!isBelow(place, top)) {
    return { problem: 'it lies outside the folders of the task' };
  }
  const real = await realpath(top);
  const way = relative(top, dirname(place)).split(sep).filter(Boolean);
  let folder = top;
  for (const name of way) {
    folder = join(folder, name);
    const problem = await step(folder, real, ground.umask);
    if (problem !== null) {
      return { problem };
    }
  }
  return { folder, path: join(folder, basename(place)) };
}

/** Make a folder that a person named, and those above it. */
export async function makeChosen({ folder, umask }: Ground): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  for (let made = folder; first !== undefined && isBelow(made, first); made = dirname(made)) {
    await chmod(made, 0o777 & ~umask);
  }
}

async function step(folder: string, real: string, umask: number): Promise<string | null> {
  try {
    const found = await lstat(folder);
    if (found.isSymbolicLink()) {
      return await followed(folder, real);
    }
    return found.isDirectory() ? null : `${folder} is a file here`;
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    await make(folder, umask);
    return null;
  }
}

async function followed(link: string, real: string): Promise<string | null> {
  const problem = `${link} is a link here that leads elsewhere`;
  try {
    const target = await realpath(link);
    return isBelow(target, real) && (await stat(target)).isDirectory() ? null : problem;
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ELOOP') {
      return problem;
    }
    throw error;
  }
}

async function make(folder: string, umask: number): Promise<void> {
  try {
    await mkdir(folder);
    // The service's own umask is narrower than the person's.
    await chmod(folder, 0o777 & ~umask);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
}
