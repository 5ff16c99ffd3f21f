import type { DatabaseSync } from 'node:sqlite';
import type { TaskEvent, WorkerLine } from '../../shared/wire/events';
import { inTransaction } from './database';

export type Arrival = {
  task: string;
  attempt: number;
  /** Whole lines, in the order of the worker's file. */
  lines: readonly WorkerLine[];
  /** Where in the worker's file the next unread line begins. */
  offset: number;
};

function parse(row: Record<string, unknown>): TaskEvent {
  return {
    task: row['task'],
    index: row['idx'],
    attempt: row['attempt'],
    seq: row['seq'],
    type: row['type'],
    data: JSON.parse(String(row['data'])) as unknown
  } as TaskEvent;
}

/** The append-only events of tasks, and how far each worker's file was read. */
export class EventStore {
  constructor(private readonly database: DatabaseSync) {}

  /**
   * Append lines and remember the offset, both or neither: a line is stored once whatever dies
   * in between. Lines that are stored already are passed over.
   */
  append({ task, attempt, lines, offset }: Arrival): number {
    return inTransaction(this.database, () => {
      let index = this.lastIndex(task);
      const insert = this.database.prepare(
        'INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)'
      );
      for (const { seq, type, data } of lines) {
        const { changes } = insert.run(task, index + 1, attempt, seq, type, JSON.stringify(data));
        index += Number(changes);
      }
      this.database
        .prepare('INSERT OR REPLACE INTO offsets VALUES (?, ?, ?)')
        .run(task, attempt, offset);
      return index;
    });
  }

  /** Events after an index, at most `limit`. */
  after(task: string, index: number, limit: number): TaskEvent[] {
    const sql = 'SELECT * FROM events WHERE task = ? AND idx > ? ORDER BY idx LIMIT ?';
    return this.database.prepare(sql).all(task, index, limit).map(parse);
  }

  /** The events of one type of an attempt, in order. */
  ofType(task: string, attempt: number, type: TaskEvent['type']): TaskEvent[] {
    const sql = 'SELECT * FROM events WHERE task = ? AND attempt = ? AND type = ? ORDER BY idx';
    return this.database.prepare(sql).all(task, attempt, type).map(parse);
  }

  /** The last one of a type of an attempt; null: there is none. */
  newest(task: string, attempt: number, type: TaskEvent['type']): TaskEvent | null {
    const sql = `SELECT * FROM events WHERE task = ? AND attempt = ? AND type = ?
      ORDER BY idx DESC LIMIT 1`;
    const row = this.database.prepare(sql).get(task, attempt, type);
    return row === undefined ? null : parse(row);
  }

  lastIndex(task: string): number {
    const sql = 'SELECT max(idx) AS last FROM events WHERE task = ?';
    return Number(this.database.prepare(sql).get(task)?.['last'] ?? 0);
  }

  /** Highest `seq` stored of an attempt; 0: none. */
  lastSeq(task: string, attempt: number): number {
    const sql = 'SELECT max(seq) AS last FROM events WHERE task = ? AND attempt = ?';
    return Number(this.database.prepare(sql).get(task, attempt)?.['last'] ?? 0);
  }

  offset(task: string, attempt: number): number {
    const sql = 'SELECT byte_offset FROM offsets WHERE task = ? AND attempt = ?';
    return Number(this.database.prepare(sql).get(task, attempt)?.['byte_offset'] ?? 0);
  }
}
