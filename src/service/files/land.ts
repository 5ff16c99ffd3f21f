import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';

export type Landing = {
  /** Absolute path here of the whole file that came, in the folder of its place. */
  part: string;
  path: string;
  /** Hash of what came. */
  sha256: string;
  /** What may lie at the place to be written over: hashes that are known to be no person's own. */
  replaceable: readonly string[];
  /** Never at the place itself if something lies there: the notebook that runs it. */
  isKept: boolean;
  /** The task's word in a name beside. */
  word: string;
  umask: number;
};

export type Landed = { state: 'home' | 'beside'; path: string };

/** Something lies there, and how it was when its hash was taken. */
type Found = { sha256: string | null; mode: number; stamp: string };

const MOST_NAMES = 100;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

async function look(path: string): Promise<Found | null> {
  try {
    const found = await lstat(path);
    const stamp = `${found.ino} ${found.size} ${found.mtimeMs}`;
    if (!found.isFile()) {
      return { sha256: null, mode: found.mode, stamp };
    }
    return { sha256: await hashOf(path), mode: found.mode & 0o777, stamp };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

async function hashOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const hash = createHash('sha256');
    await pipeline(file.createReadStream({ autoClose: false }), hash);
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** `name.sl-abc123.ext`, and with a number from the second on. */
export function besidePath(path: string, word: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}.${word}${number === 1 ? '' : `-${number}`}${ext}`);
}

/**
 * Give a file that came its place. What a person has there is never written over: then it lies
 * beside it, under the task's word.
 */
export async function land(landing: Landing): Promise<Landed> {
  const { part, path, sha256, umask } = landing;
  await chmod(part, 0o666 & ~umask);
  const found = await look(path);
  if (found === null && (await takeFree(part, path))) {
    return { state: 'home', path };
  }
  if (found?.sha256 === sha256) {
    await rm(part, { force: true });
    return { state: 'home', path };
  }
  if (found?.sha256 != null && mayReplace(landing, found.sha256)) {
    // As it was when it was hashed: a person may write just now.
    const now = await lstat(path).catch(() => null);
    if (now !== null && `${now.ino} ${now.size} ${now.mtimeMs}` === found.stamp) {
      await chmod(part, found.mode);
      await rename(part, path);
      await syncFolder(path);
      return { state: 'home', path };
    }
  }
  return { state: 'beside', path: await landBeside(landing) };
}

function mayReplace({ isKept, replaceable }: Landing, sha256: string): boolean {
  return !isKept && replaceable.includes(sha256);
}

async function landBeside({ part, path, sha256, word }: Landing): Promise<string> {
  for (let number = 1; number <= MOST_NAMES; number += 1) {
    const beside = besidePath(path, word, number);
    const found = await look(beside);
    if (found?.sha256 === sha256) {
      await rm(part, { force: true });
      return beside;
    }
    if (found === null && (await takeFree(part, beside))) {
      return beside;
    }
  }
  throw new Error(`there is no free name beside ${path}`);
}

/** In one step, and only where nothing lies; false: something does. */
async function takeFree(part: string, path: string): Promise<boolean> {
  try {
    await link(part, path);
    await rm(part);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) {
      throw error;
    }
    // A file system without hard links.
    await rename(part, path);
  }
  await syncFolder(path);
  return true;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
