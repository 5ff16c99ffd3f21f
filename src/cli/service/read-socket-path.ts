import type { Stats } from 'node:fs';
import { lstat, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { SluiceError } from '../../shared/errors';
import { logPathOf, type Place } from './place';

const down = (place: Place, problem: string): SluiceError =>
  new SluiceError('service-down', { problem, log: logPathOf(place) });

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

function requirePrivate(place: Place, path: string, entry: Stats): void {
  if (entry.uid !== userInfo().uid) {
    throw down(place, `${path} belongs to another user (uid ${entry.uid})`);
  }
  if ((entry.mode & 0o022) !== 0) {
    throw down(
      place,
      `${path} can be written to by others (mode ${(entry.mode & 0o777).toString(8)})`
    );
  }
}

/** A group that has the user's own number has nobody else in it. */
function isOpen({ mode, gid }: Stats): boolean {
  const isWritable = (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== userInfo().uid);
  return isWritable && (mode & 0o1000) === 0;
}

/** Refuse a state directory that is a link, or that others could put another one in the place of. */
async function requirePlace(state: string): Promise<void> {
  const refuse = (problem: string): never => {
    throw new SluiceError('store-unusable', { path: state, problem });
  };
  if ((await lstat(state)).isSymbolicLink()) {
    refuse('it is a link; name the directory itself');
  }
  for (let at = dirname(await realpath(state)); ; at = dirname(at)) {
    if (isOpen(await stat(at))) {
      refuse(`others can write to ${at}, and could put another directory in its place`);
    }
    if (at === dirname(at)) {
      return;
    }
  }
}

function requireOwnSocket(place: Place, path: string, entry: Stats): void {
  if (!entry.isSocket()) {
    throw down(place, `${path} is not a socket`);
  }
  if (entry.uid !== userInfo().uid || (entry.mode & 0o077) !== 0) {
    throw down(place, `${path} is open to others or belongs to someone else`);
  }
}

function readUnix(text: string): string | null {
  try {
    const { unix } = JSON.parse(text) as { unix?: unknown };
    return typeof unix === 'string' && isAbsolute(unix) ? unix : null;
  } catch {
    return null;
  }
}

/** Make the state directory for this person alone; refuse one that others can write to. */
export async function prepareState(place: Place): Promise<void> {
  try {
    await mkdir(place.state, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw down(place, `${place.state} cannot be made: ${(error as Error).message}`);
  }
  await requirePlace(place.state);
  requirePrivate(place, place.state, await stat(place.state));
}

/**
 * Where the service listens, once it is sure that only this person can be behind it; null: none has
 * said so, or its socket is gone. Errors: `service-down`.
 */
export async function readSocketPath(place: Place): Promise<string | null> {
  const endpoint = join(place.state, 'endpoint.json');
  try {
    await requirePlace(place.state);
    requirePrivate(place, endpoint, await stat(endpoint));
    const path = readUnix(await readFile(endpoint, 'utf8'));
    if (path === null) {
      throw down(place, `${endpoint} is not understood; remove it`);
    }
    requirePrivate(place, dirname(path), await stat(dirname(path)));
    requireOwnSocket(place, path, await lstat(path));
    return path;
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw error instanceof SluiceError ? error : down(place, (error as Error).message);
  }
}
