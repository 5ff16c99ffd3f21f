import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Spilled, TaskEvent, WorkerLine } from '../../shared/wire/events';
import { inTransaction } from './database';

export type Arrival = {
  task: string;
  attempt: number;
  /** Whole lines, in the order of the worker's file. */
  lines: readonly WorkerLine[];
  /** Where in the worker's file the next unread line begins. */
  offset: number;
};

/** What an arrival came to. */
export type Stored = {
  lastIndex: number;
  /** Numbers that lines with a seal left out, the first and the last one of each gap. */
  gaps: [from: number, to: number][];
};

function parse(row: Record<string, unknown>): TaskEvent {
  return {
    task: row['task'],
    index: row['idx'],
    attempt: row['attempt'],
    seq: row['seq'],
    ...(row['unverified'] === 1 ? { unverified: true } : {}),
    type: row['type'],
    data: JSON.parse(String(row['data'])) as unknown
  } as TaskEvent;
}

const OF_TYPE = `SELECT * FROM events
  WHERE task = ? AND attempt = ? AND type = ? AND unverified = 0 ORDER BY idx`;

/** The append-only events of tasks, and how far each worker's file was read. */
export class EventStore {
  private readonly statements = new Map<string, StatementSync>();

  constructor(private readonly database: DatabaseSync) {}

  /**
   * Append lines and remember the offset, both or neither: a line is stored once whatever dies
   * in between. Lines that are stored already are passed over. Errors: `store-full`.
   */
  append(arrival: Arrival): Stored {
    return inTransaction(this.database, () => {
      const { task, attempt, offset } = arrival;
      const known = this.offset(task, attempt);
      const stored = this.insert(arrival, known >= offset);
      this.statement('INSERT OR REPLACE INTO offsets VALUES (?, ?, ?)').run(
        task,
        attempt,
        Math.max(known, offset)
      );
      return stored;
    });
  }

  /** `isKnown`: read before. Only a seal tells whether a line is one that is stored. */
  private insert({ task, attempt, lines }: Arrival, isKnown: boolean): Stored {
    let lastIndex = this.lastIndex(task);
    let lastSeq = this.lastSeq(task, attempt);
    const gaps: Stored['gaps'] = [];
    const insert = this.statement('INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
    for (const { seq, type, data, unverified = false } of lines) {
      if (unverified && isKnown) {
        continue;
      }
      const text = JSON.stringify(data);
      const { changes } = insert.run(
        ...[task, lastIndex + 1, attempt, seq, type, text, unverified ? 1 : 0]
      );
      lastIndex += Number(changes);
      if (!unverified && seq > lastSeq) {
        if (seq > lastSeq + 1) {
          gaps.push([lastSeq + 1, seq - 1]);
        }
        lastSeq = seq;
      }
    }
    return { lastIndex, gaps };
  }

  /** Events after an index, at most `limit`. */
  after(task: string, index: number, limit: number): TaskEvent[] {
    const sql = 'SELECT * FROM events WHERE task = ? AND idx > ? ORDER BY idx LIMIT ?';
    return this.statement(sql).all(task, index, limit).map(parse);
  }

  /** The events of one type of an attempt, in order; none without a seal. */
  ofType(task: string, attempt: number, type: TaskEvent['type']): TaskEvent[] {
    return this.statement(OF_TYPE).all(task, attempt, type).map(parse);
  }

  /** The large output of this hash, as an event with a seal names it; null: none does. */
  spilled(task: string, sha256: string): { attempt: number; spilled: Spilled } | null {
    const sql = `SELECT * FROM events WHERE task = ? AND unverified = 0
      AND type IN ('display_data', 'update_display_data', 'execute_result')
      AND instr(data, ?) > 0 ORDER BY idx`;
    for (const event of this.statement(sql).all(task, sha256).map(parse)) {
      const named = 'spilled' in event.data ? (event.data.spilled ?? []) : [];
      const spilled = named.find(output => output.sha256 === sha256);
      if (spilled !== undefined) {
        return { attempt: event.attempt, spilled };
      }
    }
    return null;
  }

  /** The last one of a type of an attempt that has a seal; null: there is none. */
  newest(task: string, attempt: number, type: TaskEvent['type']): TaskEvent | null {
    const row = this.statement(`${OF_TYPE} DESC LIMIT 1`).get(task, attempt, type);
    return row === undefined ? null : parse(row);
  }

  lastIndex(task: string): number {
    const sql = 'SELECT max(idx) AS last FROM events WHERE task = ?';
    return Number(this.statement(sql).get(task)?.['last'] ?? 0);
  }

  /** Highest `seq` stored of an attempt, among those with a seal; 0: none. */
  lastSeq(task: string, attempt: number): number {
    const sql = `SELECT max(seq) AS last FROM events
      WHERE task = ? AND attempt = ? AND unverified = 0`;
    return Number(this.statement(sql).get(task, attempt)?.['last'] ?? 0);
  }

  offset(task: string, attempt: number): number {
    const sql = 'SELECT byte_offset FROM offsets WHERE task = ? AND attempt = ?';
    return Number(this.statement(sql).get(task, attempt)?.['byte_offset'] ?? 0);
  }

  private statement(sql: string): StatementSync {
    const statement = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}
