import type { DatabaseSync } from 'node:sqlite';
import { isTerminal, PHASES, type PublicPhase, publicPhase } from '../../shared/phases';
import { type SubmitRequest, submitSchema } from '../../shared/wire/submit';
import { inTransaction, storing } from './database';
import type { TaskRecord } from './task-record';

const LIVE = PHASES.filter(phase => !isTerminal(phase));

/** What has come since older versions stored their records. */
const LATER = {
  notes: [],
  rehearsal: false,
  files: null,
  eventKey: null,
  usage: null,
  formerAttempts: [],
  isPartial: false,
  estimatedStart: null,
  nextCheckAt: null,
  hasUnverified: false,
  adoptedFrom: null
} satisfies Partial<TaskRecord>;

function read(row: Record<string, unknown>): TaskRecord {
  return { ...LATER, ...(JSON.parse(String(row['record'])) as TaskRecord) };
}

function parse(row: Record<string, unknown> | undefined): TaskRecord | undefined {
  return row === undefined ? undefined : read(row);
}

export type ListQuery = {
  limit: number;
  /** Only those that are so. */
  state?: PublicPhase | undefined;
  /** Only those that are older than this task. */
  before?: string | undefined;
};

export type ListedTask = { record: TaskRecord; lastIndex: number };

const AFTER_CURSOR = `AND (created_at < (SELECT created_at FROM tasks WHERE id = ?)
  OR (created_at = (SELECT created_at FROM tasks WHERE id = ?) AND id > ?))`;

/** All SQL for tasks and the requests that made them. */
export class TaskStore {
  constructor(private readonly database: DatabaseSync) {}

  /** Store a new task with its request; on disk when it returns. Errors: `store-full`. */
  insert(record: TaskRecord, request: SubmitRequest): void {
    inTransaction(this.database, () => {
      this.database
        .prepare('INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?)')
        .run(
          record.id,
          record.requestId,
          record.phase,
          record.submittedAt,
          record.origin?.notebookPath ?? null,
          JSON.stringify(record)
        );
      this.database
        .prepare('INSERT INTO requests VALUES (?, ?)')
        .run(record.id, JSON.stringify(request));
    });
  }

  /** Store a changed task; on disk when it returns. Errors: `store-full`. */
  update(record: TaskRecord): void {
    storing(this.database, () => {
      this.database
        .prepare('UPDATE tasks SET phase = ?, record = ? WHERE id = ?')
        .run(record.phase, JSON.stringify(record), record.id);
    });
  }

  /** Do several writes as one: all are on disk when it returns, or none. Errors: `store-full`. */
  together<T>(work: () => T): T {
    return inTransaction(this.database, work);
  }

  get(id: string): TaskRecord | undefined {
    return parse(this.database.prepare('SELECT record FROM tasks WHERE id = ?').get(id));
  }

  byRequest(requestId: string): TaskRecord | undefined {
    const sql = 'SELECT record FROM tasks WHERE request_id = ?';
    return parse(this.database.prepare(sql).get(requestId));
  }

  /** The request of a task, as it was accepted. */
  request(id: string): SubmitRequest {
    const row = this.database.prepare('SELECT body FROM requests WHERE task = ?').get(id);
    if (row === undefined) {
      throw new Error(`task ${id} has no stored request`);
    }
    // An older version may have stored it, without what has come since.
    return submitSchema.parse(JSON.parse(String(row['body'])));
  }

  /** Newest first, with the index of each task's newest event. */
  list({ limit, state, before }: ListQuery): ListedTask[] {
    const phases = PHASES.filter(
      phase => state === undefined || (phase !== 'unknown' && publicPhase(phase, state) === state)
    );
    const marks = phases.map(() => '?').join(', ');
    const word = state ?? null;
    const sql = `SELECT record, (SELECT max(idx) FROM events WHERE task = id) AS last FROM tasks
      WHERE (phase IN (${marks}) OR (phase = 'unknown' AND record ->> '$.lastPublic' = ?))
        ${before === undefined ? '' : AFTER_CURSOR}
      ORDER BY created_at DESC, id LIMIT ?`;
    const cursor = before === undefined ? [] : [before, before, before];
    return this.database
      .prepare(sql)
      .all(...phases, word, ...cursor, limit)
      .map(row => ({ record: read(row), lastIndex: Number(row['last'] ?? 0) }));
  }

  /** Tasks that ended before that, and of which events are stored. */
  endedBefore(ms: number): string[] {
    const ended = PHASES.filter(isTerminal);
    const marks = ended.map(() => '?').join(', ');
    const sql = `SELECT id FROM tasks WHERE phase IN (${marks}) AND created_at < ?
      AND record ->> '$.endedAt' < ? AND EXISTS (SELECT 1 FROM events WHERE task = id)`;
    return this.database
      .prepare(sql)
      .all(...ended, ms, ms)
      .map(row => String(row['id']));
  }

  /** Remove what a task said. */
  forgetEvents(id: string): void {
    storing(this.database, () =>
      this.database.prepare('DELETE FROM events WHERE task = ?').run(id)
    );
  }

  /** Every task that has not ended, oldest first. */
  live(): TaskRecord[] {
    const marks = LIVE.map(() => '?').join(', ');
    const sql = `SELECT record FROM tasks WHERE phase IN (${marks}) ORDER BY created_at`;
    return this.records(this.database.prepare(sql).all(...LIVE));
  }

  private records(rows: Record<string, unknown>[]): TaskRecord[] {
    return rows.map(read);
  }
}
