import { canMove, isTerminal, type Phase, publicPhase } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import type { Arrival, EventStore, Stored } from '../store/event-store';
import type { TaskRecord } from '../store/task-record';
import type { ListQuery, TaskStore } from '../store/task-store';
import { toTask } from '../store/to-task';

export type BoardListener = {
  /** A task changed. */
  task?: (task: Task) => void;
  /** Events up to `lastIndex` are stored. */
  events?: (task: string, lastIndex: number) => void;
};

/** Changes that wait for being stored together. */
type Batch = { records: Map<string, TaskRecord>; lastIndexes: Map<string, number> };

/**
 * The one place where tasks change: each change is on disk before anybody hears of it, and each
 * change of phase is one that the table allows.
 */
export class TaskBoard {
  private readonly live = new Map<string, TaskRecord>();
  private readonly changes = new Map<string, number>();
  private readonly listeners = new Set<BoardListener>();
  private batch: Batch | null = null;

  constructor(
    private readonly tasks: TaskStore,
    private readonly events: EventStore,
    private readonly nowMs: () => number
  ) {
    for (const record of tasks.live()) {
      this.live.set(record.id, record);
    }
  }

  /** Tasks that have not ended. */
  get liveTasks(): TaskRecord[] {
    return [...this.live.values()];
  }

  find(id: string): TaskRecord | undefined {
    return this.batch?.records.get(id) ?? this.live.get(id) ?? this.tasks.get(id);
  }

  get(id: string): TaskRecord {
    const record = this.find(id);
    if (record === undefined) {
      throw new Error(`no task ${id}`);
    }
    return record;
  }

  /** Take up a task that was just stored. */
  add(record: TaskRecord): void {
    this.live.set(record.id, record);
    this.tell(record);
  }

  /** Change what is known of a task without changing its phase. */
  patch(id: string, change: Partial<Omit<TaskRecord, 'id' | 'phase'>>): TaskRecord {
    return this.write({ ...this.get(id), ...change });
  }

  /** Tell how far a step is, several times a second: not stored, since after a restart it begins anew. */
  show(id: string, progress: string): void {
    const record = this.live.get(id);
    if (record !== undefined) {
      this.live.set(id, { ...record, progress });
      this.tell({ ...record, progress });
    }
  }

  /**
   * Move a task to another phase; staying in the phase changes the reason only. A step that the
   * table does not allow is a fault of ours and throws.
   */
  move(
    id: string,
    phase: Phase,
    change: Partial<Omit<TaskRecord, 'id' | 'phase'>> = {}
  ): TaskRecord {
    const before = this.get(id);
    if (before.phase !== phase && !canMove(before.phase, phase)) {
      throw new Error(`task ${id} cannot go from ${before.phase} to ${phase}`);
    }
    const stamps: Partial<TaskRecord> = {
      lastPublic: publicPhase(phase, before.lastPublic),
      progress: null,
      ...(phase === 'queued' && before.queuedAt === null ? { queuedAt: this.nowMs() } : {}),
      ...(phase === 'running' && before.startedAt === null ? { startedAt: this.nowMs() } : {})
    };
    const after = { ...before, ...stamps, ...change, phase };
    return this.write(
      isTerminal(phase) ? { ...after, endedAt: after.endedAt ?? this.nowMs() } : after
    );
  }

  /** Store lines of a worker and tell the index of the newest event. Errors: `store-full`. */
  append(arrival: Arrival): Stored {
    const stored = this.events.append(arrival);
    if (this.batch === null) {
      this.tellEvents(arrival.task, stored.lastIndex);
    } else {
      this.batch.lastIndexes.set(arrival.task, stored.lastIndex);
    }
    return stored;
  }

  /**
   * Several changes with one write to the disk: all of them are stored, or none, and they are told
   * once they are. Errors: `store-full`, and what `work` throws.
   */
  together<T>(work: () => T): T {
    if (this.batch !== null) {
      return work();
    }
    const batch: Batch = { records: new Map(), lastIndexes: new Map() };
    this.batch = batch;
    let result: T;
    try {
      result = this.tasks.together(() => {
        const done = work();
        batch.records.forEach(record => {
          this.tasks.update(record);
        });
        return done;
      });
    } finally {
      this.batch = null;
    }
    batch.records.forEach(record => {
      this.take(record);
    });
    batch.lastIndexes.forEach((lastIndex, task) => {
      this.tellEvents(task, lastIndex);
    });
    return result;
  }

  /** A task as clients see it. */
  view(record: TaskRecord): Task {
    return toTask(record, this.events.lastIndex(record.id));
  }

  /** A page of tasks as clients see them, newest first. */
  list(query: ListQuery): Task[] {
    return this.tasks
      .list(query)
      .map(({ record, lastIndex }) => toTask(this.live.get(record.id) ?? record, lastIndex));
  }

  /** Grows with each change of a task, for as long as the service lives. */
  revision(id: string): number {
    return this.changes.get(id) ?? 0;
  }

  listen(listener: BoardListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private write(record: TaskRecord): TaskRecord {
    if (this.batch === null) {
      this.tasks.update(record);
      this.take(record);
    } else {
      this.batch.records.set(record.id, record);
    }
    return record;
  }

  /** It is on disk. */
  private take(record: TaskRecord): void {
    if (isTerminal(record.phase)) {
      this.live.delete(record.id);
    } else {
      this.live.set(record.id, record);
    }
    this.tell(record);
  }

  private tellEvents(task: string, lastIndex: number): void {
    for (const { events } of this.listeners) {
      events?.(task, lastIndex);
    }
  }

  private tell(record: TaskRecord): void {
    const task = this.view(record);
    this.changes.set(record.id, this.revision(record.id) + 1);
    for (const { task: hear } of this.listeners) {
      hear?.(task);
    }
  }
}
