import type { DatabaseSync } from 'node:sqlite';
import type { FileState, FileSummary, TaskFile } from '../../shared/wire/files';
import { inTransaction, storing } from './database';

/** What a task's files are held against, settled before it was handed over. */
export type Work = {
  task: string;
  /** Absolute, here: where a local run would have written them; null: nowhere. */
  folder: string | null;
  /** Where the task ran, below `work/`. */
  cwd: string;
  /** What tasks have in common whose files later ones see; null: nothing. */
  notebook: string | null;
  /** Host and root, as one word. */
  place: string;
  /** The rules by which they come home, as JSON: later changes of the configuration do not reach them. */
  rule: string;
};

/** A file as it is stored; `rank` orders those that come home by themselves, null: this one stays. */
export type FileRow = TaskFile & {
  rank: number | null;
  sha256: string | null;
  /** A folder here that a person named for it. */
  into: string | null;
};

/** How a file ended up. */
export type Settled = {
  state: FileState;
  localPath?: string | null;
  reason?: string | null;
  sha256?: string | null;
  /** Its size by now, where that is another one than was listed. */
  bytes?: number | undefined;
};

/** A file that an earlier task of the notebook wrote. */
export type EarlierFile = {
  task: string;
  cwd: string;
  path: string;
  bytes: number;
  state: FileState;
};

type Row = Record<string, unknown>;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function fileOf(row: Row): FileRow {
  return {
    path: String(row['path']),
    bytes: Number(row['bytes']),
    kind: row['kind'] as TaskFile['kind'],
    isNew: row['is_new'] === 1,
    state: row['state'] as FileState,
    rank: row['rank'] === null ? null : Number(row['rank']),
    localPath: text(row['local_path']),
    reason: text(row['reason']),
    sha256: text(row['sha256']),
    into: text(row['into_folder'])
  };
}

const SUMMARY = `
  SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes,
    coalesce(sum(state IN ('home', 'beside')), 0) AS home,
    coalesce(sum(state = 'taken'), 0) AS taken,
    coalesce(sum(state IN ('there', 'fetching', 'refused')), 0) AS there,
    coalesce(max(state IN ('there', 'fetching') OR (state = 'refused' AND bytes > 0)), 0) AS pinned
  FROM files WHERE task = ?`;

/** All SQL for the files that tasks wrote. */
export class FileStore {
  constructor(private readonly database: DatabaseSync) {}

  /** Remember what a task is about to be handed over with. */
  begin(
    { task, folder, cwd, notebook, place, rule }: Work,
    sent: ReadonlyMap<string, string>
  ): void {
    inTransaction(this.database, () => {
      this.database
        .prepare('INSERT OR REPLACE INTO works VALUES (?, ?, ?, ?, ?, ?, NULL)')
        .run(task, folder, cwd, notebook, place, rule);
      this.database.prepare('DELETE FROM sent_files WHERE task = ?').run(task);
      const insert = this.database.prepare('INSERT INTO sent_files VALUES (?, ?, ?)');
      for (const [path, sha256] of sent) {
        insert.run(task, path, sha256);
      }
    });
  }

  work(task: string): (Work & { isListed: boolean }) | null {
    const row = this.database.prepare('SELECT * FROM works WHERE task = ?').get(task);
    return row === undefined
      ? null
      : {
          task,
          folder: text(row['folder']),
          cwd: String(row['cwd']),
          notebook: text(row['notebook']),
          place: String(row['place']),
          rule: String(row['rule']),
          isListed: row['listed_at'] !== null
        };
  }

  /** Hash of what travelled to this path; null: nothing did. */
  sentHash(task: string, path: string): string | null {
    const sql = 'SELECT sha256 FROM sent_files WHERE task = ? AND path = ?';
    return text(this.database.prepare(sql).get(task, path)?.['sha256']);
  }

  sentPaths(task: string): { path: string; sha256: string }[] {
    const sql = 'SELECT path, sha256 FROM sent_files WHERE task = ?';
    return this.database
      .prepare(sql)
      .all(task)
      .map(row => ({ path: String(row['path']), sha256: String(row['sha256']) }));
  }

  /** Begin a list anew. */
  clear(task: string): void {
    storing(this.database, () =>
      this.database.prepare('DELETE FROM files WHERE task = ?').run(task)
    );
  }

  /** Add a part of a list; a path that comes twice counts once. */
  add(task: string, files: readonly FileRow[]): void {
    inTransaction(this.database, () => {
      const insert = this.database.prepare(
        'INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL, NULL, NULL)'
      );
      for (const { path, bytes, kind, isNew, state, rank, reason } of files) {
        insert.run(task, path, bytes, kind, isNew ? 1 : 0, state, rank, reason);
      }
    });
  }

  /** The list is complete. */
  setListed(task: string, atMs: number): void {
    const sql = 'UPDATE works SET listed_at = ? WHERE task = ?';
    storing(this.database, () => this.database.prepare(sql).run(atMs, task));
  }

  /** By path. */
  page(task: string, offset: number, limit: number): FileRow[] {
    const sql = 'SELECT * FROM files WHERE task = ? ORDER BY path LIMIT ? OFFSET ?';
    return this.database.prepare(sql).all(task, limit, offset).map(fileOf);
  }

  get(task: string, path: string): FileRow | null {
    const sql = 'SELECT * FROM files WHERE task = ? AND path = ?';
    const row = this.database.prepare(sql).get(task, path);
    return row === undefined ? null : fileOf(row);
  }

  /** Those that may come by themselves, in the order of the rule; not all are in memory at once. */
  *ranked(task: string): Iterable<FileRow> {
    const sql = `SELECT * FROM files WHERE task = ? AND state = 'there' AND rank IS NOT NULL
      ORDER BY rank, bytes, path`;
    for (const row of this.database.prepare(sql).iterate(task)) {
      yield fileOf(row);
    }
  }

  /** Those on their way, small ones first. */
  fetching(task: string, limit: number): FileRow[] {
    const sql = `SELECT * FROM files WHERE task = ? AND state = 'fetching'
      ORDER BY bytes, path LIMIT ?`;
    return this.database.prepare(sql).all(task, limit).map(fileOf);
  }

  /** How much is on its way. */
  load(task: string): { files: number; bytes: number } {
    const sql = `SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes FROM files
      WHERE task = ? AND state = 'fetching'`;
    const row = this.database.prepare(sql).get(task);
    return { files: Number(row?.['files'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
  }

  /** Tasks with files on their way. */
  fetchingTasks(): string[] {
    const sql = `SELECT DISTINCT task FROM files WHERE state = 'fetching'`;
    return this.database
      .prepare(sql)
      .all()
      .map(row => String(row['task']));
  }

  /**
   * Move files from some states to another one; null paths: all that are in these states.
   * Returns how many there were.
   */
  move(
    task: string,
    paths: readonly string[] | null,
    change: { from: readonly FileState[]; to: FileState; reason?: string | null; into?: string }
  ): number {
    const marks = change.from.map(() => '?').join(', ');
    const sql = `UPDATE files SET state = ?, reason = ?, into_folder = ?
      WHERE task = ? AND state IN (${marks})`;
    const values = [change.to, change.reason ?? null, change.into ?? null, task, ...change.from];
    if (paths === null) {
      const all = this.database.prepare(sql);
      return Number(storing(this.database, () => all.run(...values)).changes);
    }
    return inTransaction(this.database, () => {
      const statement = this.database.prepare(`${sql} AND path = ?`);
      return paths.reduce((sum, path) => sum + Number(statement.run(...values, path).changes), 0);
    });
  }

  /** How a file ended up; one that somebody has decided about meanwhile stays as it is. */
  settle(task: string, path: string, settled: Settled, atMs: number): void {
    const { state, localPath = null, reason = null, sha256 = null, bytes = null } = settled;
    const sql = `UPDATE files SET state = ?, local_path = coalesce(?, local_path), reason = ?,
        sha256 = coalesce(?, sha256), bytes = coalesce(?, bytes), settled_at = ?
      WHERE task = ? AND path = ? AND state = 'fetching'`;
    const values = [state, localPath, reason, sha256, bytes, atMs, task, path];
    storing(this.database, () => this.database.prepare(sql).run(...values));
  }

  /** What Sluice last put to a place here, if it did; by which task, and when. */
  lastHome(localPath: string): { task: string; sha256: string | null; atMs: number } | null {
    const sql = `SELECT task, sha256, settled_at FROM files
      WHERE local_path = ? AND state = 'home' ORDER BY settled_at DESC LIMIT 1`;
    const row = this.database.prepare(sql).get(localPath);
    return row === undefined
      ? null
      : {
          task: String(row['task']),
          sha256: text(row['sha256']),
          atMs: Number(row['settled_at'])
        };
  }

  /** Null: the task wrote none, or its files are not listed. */
  summary(task: string): FileSummary | null {
    const row = this.database.prepare(SUMMARY).get(task) ?? {};
    const count = Number(row['count']);
    return count === 0
      ? null
      : {
          count,
          bytes: Number(row['bytes']),
          home: Number(row['home']),
          taken: Number(row['taken']),
          there: Number(row['there']),
          pinned: row['pinned'] === 1
        };
  }

  /** Files of earlier tasks of a notebook at a place; of each path only the newest one's. */
  earlier(notebook: string, place: string, limit: number): EarlierFile[] {
    const sql = `SELECT task, cwd, path, bytes, state FROM (
        SELECT files.*, works.cwd AS cwd, works.listed_at AS listed_at, row_number() OVER
          (PARTITION BY path ORDER BY listed_at DESC, files.task DESC) AS nth
        FROM works JOIN files ON files.task = works.task
        WHERE works.notebook = ? AND works.place = ? AND works.listed_at IS NOT NULL)
      WHERE nth = 1 ORDER BY listed_at DESC, path LIMIT ?`;
    return this.database
      .prepare(sql)
      .all(notebook, place, limit)
      .map(row => ({
        task: String(row['task']),
        cwd: String(row['cwd']),
        path: String(row['path']),
        bytes: Number(row['bytes']),
        state: row['state'] as FileState
      }));
  }
}
