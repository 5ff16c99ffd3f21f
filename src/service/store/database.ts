import { DatabaseSync } from 'node:sqlite';
import { SluiceError } from '../../shared/errors';
import { MIGRATIONS } from './migrations';

export type DatabaseOptions = {
  /** A file, or `:memory:`. */
  path: string;
  /** On a network file system WAL is not safe. */
  networkDisk: boolean;
};

/** Apply the missing steps, each in a transaction of its own with its version. */
function migrate(database: DatabaseSync, path: string): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.['user_version'] ?? 0);
  if (version > MIGRATIONS.length) {
    throw new SluiceError('store-unusable', { path, problem: 'it was written by a newer Sluice' });
  }
  MIGRATIONS.slice(version).forEach((step, i) => {
    database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${version + i + 1}; COMMIT`);
  });
}

/** Open the store: every commit is on disk before it returns. */
export function openDatabase({ path, networkDisk }: DatabaseOptions): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { timeout: 5000 });
    database.exec(`PRAGMA journal_mode = ${networkDisk ? 'DELETE' : 'WAL'}`);
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    migrate(database, path);
    return database;
  } catch (cause) {
    if (cause instanceof SluiceError) {
      throw cause;
    }
    throw new SluiceError('store-unusable', { path, problem: String(cause) }, { cause });
  }
}

/**
 * Run `work` in one transaction; it is undone when `work` throws. Within another one it is part of
 * that.
 *
 * Errors: `store-full`.
 */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) {
    return work();
  }
  return storing(database, () => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have ended it already.
      if (database.isTransaction) {
        database.exec('ROLLBACK');
      }
      throw error;
    }
  });
}

/** Do what writes. Errors: `store-full` where the disk takes nothing. */
export function storing<T>(database: DatabaseSync, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (isFullDisk(cause)) {
      const path = database.location() ?? 'memory';
      throw new SluiceError('store-full', { path }, { cause });
    }
    throw cause;
  }
}

const IO_ERROR = 10;
const FULL = 13;
const CANNOT_OPEN = 14;

/** SQLite's word for a disk without room (also for the journal beside it), a used-up quota, a disk that fails. */
function isFullDisk(cause: unknown): boolean {
  const code = (cause as { errcode?: unknown }).errcode;
  return typeof code === 'number' && [IO_ERROR, FULL, CANNOT_OPEN].includes(code & 0xff);
}
