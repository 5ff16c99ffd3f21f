import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';
import { SluiceError } from '../../shared/errors';

const STICKY = 0o1000;
const BY_GROUP = 0o020;
const BY_OTHERS = 0o002;

/** A group that has the user's own number has nobody else in it, by the custom of Linux systems. */
function isOpen({ mode, gid }: Stats): boolean {
  const isOwnGroup = gid === userInfo().uid;
  const isWritable = (mode & BY_OTHERS) !== 0 || ((mode & BY_GROUP) !== 0 && !isOwnGroup);
  return isWritable && (mode & STICKY) === 0;
}

function* foldersAbove(path: string): Iterable<string> {
  for (let at = dirname(path); ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) {
      return;
    }
  }
}

/**
 * Refuse a directory that somebody else can have put there, or can put another one in the place of: a link,
 * one of another user, one that others can write to, or one below a folder that others can write to.
 *
 * Errors: `store-unusable`.
 */
export function requirePrivateDirectory(path: string): void {
  const refuse = (problem: string): never => {
    throw new SluiceError('store-unusable', { path, problem });
  };
  const own = lstatSync(path);
  if (own.isSymbolicLink()) {
    refuse('it is a link; name the directory itself');
  }
  if (!own.isDirectory() || own.uid !== userInfo().uid) {
    refuse('it is not a directory of yours');
  }
  if ((own.mode & (BY_GROUP | BY_OTHERS)) !== 0) {
    refuse('it can be written to by others; run `chmod 700` on it');
  }
  for (const folder of foldersAbove(realpathSync(path))) {
    if (isOpen(statSync(folder))) {
      refuse(`others can write to ${folder}, and could put another directory in its place`);
    }
  }
}
