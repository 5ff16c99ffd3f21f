import type { DatabaseSync } from 'node:sqlite';
import { isTerminal, PHASES } from '../../shared/phases';
import { type SubmitRequest, submitSchema } from '../../shared/wire/submit';
import { inTransaction } from './database';
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

/** All SQL for tasks and the requests that made them. */
export class TaskStore {
  constructor(private readonly database: DatabaseSync) {}

  /** Store a new task with its request; on disk when it returns. */
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

  /** Store a changed task; on disk when it returns. */
  update(record: TaskRecord): void {
    this.database
      .prepare('UPDATE tasks SET phase = ?, record = ? WHERE id = ?')
      .run(record.phase, JSON.stringify(record), record.id);
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

  /** Newest first. */
  list(limit: number): TaskRecord[] {
    const sql = 'SELECT record FROM tasks ORDER BY created_at DESC, id LIMIT ?';
    return this.records(this.database.prepare(sql).all(limit));
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
