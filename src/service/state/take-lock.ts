import { DatabaseSync } from 'node:sqlite';

/**
 * Hold the state directory alone for as long as this process lives: an exclusive transaction that
 * the system itself ends when the process dies. False: another process holds it.
 */
export function takeLock(path: string): boolean {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (/locked/.test(String(error))) {
      return false;
    }
    throw error;
  }
  held.push(database);
  return true;
}

// The lock is lost when its database is collected.
const held: DatabaseSync[] = [];
