import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Follows links in the part of a path that exists, so that one directory has one name. */
export async function realDirectory(path: string): Promise<string> {
  const dir = resolve(path);
  try {
    return await realpath(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(dir) === dir) {
      throw error;
    }
    return join(await realDirectory(dirname(dir)), basename(dir));
  }
}
