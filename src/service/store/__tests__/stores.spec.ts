import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { WorkerLine } from '../../../shared/wire/events';
import type { SubmitRequest } from '../../../shared/wire/submit';
import { newTask } from '../../tasks/new-task';
import { openDatabase } from '../database';
import { EventStore } from '../event-store';
import { MIGRATIONS } from '../migrations';
import type { TaskRecord } from '../task-record';
import { type ListQuery, TaskStore } from '../task-store';

const request: SubmitRequest = {
  requestId: 'request-1',
  target: 'here',
  resources: {},
  payload: { kind: 'cell', source: '%%slurm\n\nprint(1)', outputs: null },
  origin: null,
  projectDir: null,
  capture: null,
  files: { include: [], exclude: [] },
  fetch: { include: [], none: false },
  rehearsal: false,
  rehearsalOf: null
};

const line = (seq: number): WorkerLine => ({
  seq,
  at: 0,
  type: 'stream',
  data: { name: 'stdout', text: `line ${seq}\n` }
});

describe('the stores', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-store-'));
    path = join(directory, 'store.db');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const open = (): { tasks: TaskStore; events: EventStore } => {
    const database = openDatabase({ path, networkDisk: false });
    return { tasks: new TaskStore(database), events: new EventStore(database) };
  };

  it('finds a task and its request again after it was opened anew', () => {
    const task = newTask('sl-a', request, 17);
    open().tasks.insert(task, request);
    const { tasks } = open();
    expect(tasks.get('sl-a')).toEqual(task);
    expect(tasks.byRequest('request-1')?.id).toBe('sl-a');
    expect(tasks.request('sl-a')).toEqual(request);
    expect(task.title).toBe('print(1)');
  });

  it('reads what an older version stored', () => {
    const { notes, ...older } = newTask('sl-a', request, 17);
    open().tasks.insert(older as TaskRecord, request);
    const { tasks } = open();
    expect([tasks.get('sl-a')?.notes, tasks.list({ limit: 1 })[0]?.record.notes]).toEqual([
      notes,
      []
    ]);
  });

  it('refuses a second task for the same request', () => {
    const { tasks } = open();
    tasks.insert(newTask('sl-a', request, 1), request);
    expect(() => {
      tasks.insert(newTask('sl-b', request, 2), request);
    }).toThrow(/UNIQUE/);
  });

  it('lists live tasks only', () => {
    const { tasks } = open();
    tasks.insert(newTask('sl-a', request, 1), request);
    const other = { ...request, requestId: 'request-2' };
    tasks.insert(newTask('sl-b', other, 2), other);
    tasks.update({ ...newTask('sl-b', other, 2), phase: 'completed' });
    expect(tasks.live().map(({ id }) => id)).toEqual(['sl-a']);
    expect(tasks.list({ limit: 10 }).map(({ record }) => record.id)).toEqual(['sl-b', 'sl-a']);
  });

  it('stores a line once, however often it arrives, and keeps the indexes without gaps', () => {
    const { tasks, events } = open();
    tasks.insert(newTask('sl-a', request, 1), request);
    events.append({ task: 'sl-a', attempt: 0, lines: [line(1), line(2)], offset: 20 });
    events.append({ task: 'sl-a', attempt: 0, lines: [line(2), line(3)], offset: 30 });
    events.append({ task: 'sl-a', attempt: 1, lines: [line(1)], offset: 10 });
    const stored = open().events.after('sl-a', 0, 10);
    expect(stored.map(({ index, attempt, seq }) => [index, attempt, seq])).toEqual([
      [1, 0, 1],
      [2, 0, 2],
      [3, 0, 3],
      [4, 1, 1]
    ]);
    expect(events.offset('sl-a', 0)).toBe(30);
    expect(events.offset('sl-a', 1)).toBe(10);
    expect(events.after('sl-a', 3, 10)).toHaveLength(1);
  });

  it('keeps lines without a seal apart: they take no number away, and are no evidence', () => {
    const { tasks, events } = open();
    tasks.insert(newTask('sl-a', request, 1), request);
    const forged = { ...line(2), unverified: true as const };
    const lines = [line(1), forged, forged, line(2), line(4)];
    const stored = events.append({ task: 'sl-a', attempt: 0, lines, offset: 50 });
    expect(stored).toEqual({ lastIndex: 5, gaps: [[3, 3]] });
    const again = events.append({ task: 'sl-a', attempt: 0, lines, offset: 50 });
    expect(again).toEqual({ lastIndex: 5, gaps: [] });
    const seen = events.after('sl-a', 0, 10).map(({ seq, unverified }) => [seq, unverified]);
    expect(seen).toEqual([
      [1, undefined],
      [2, true],
      [2, true],
      [2, undefined],
      [4, undefined]
    ]);
    expect(events.ofType('sl-a', 0, 'stream').map(({ seq }) => seq)).toEqual([1, 2, 4]);
    events.append({ task: 'sl-a', attempt: 0, lines: [{ ...forged, seq: 99 }], offset: 60 });
    expect([events.lastSeq('sl-a', 0), events.newest('sl-a', 0, 'stream')?.seq]).toEqual([4, 4]);
  });

  it('never takes an offset back', () => {
    const { tasks, events } = open();
    tasks.insert(newTask('sl-a', request, 1), request);
    events.append({ task: 'sl-a', attempt: 0, lines: [line(1), line(2)], offset: 20 });
    events.append({ task: 'sl-a', attempt: 0, lines: [line(1)], offset: 10 });
    expect(events.offset('sl-a', 0)).toBe(20);
  });

  it('lists page after page, newest first, by the public word', () => {
    const { tasks, events } = open();
    const phases = ['completed', 'running', 'failed', 'unknown', 'timed-out', 'queued'] as const;
    phases.forEach((phase, i) => {
      const own = { ...request, requestId: `request-${i}` };
      // Two of a time: the cursor must not lose the second one.
      const record = newTask(`sl-${i}`, own, Math.floor(i / 2));
      tasks.insert({ ...record, phase, lastPublic: 'running' }, own);
    });
    events.append({ task: 'sl-3', attempt: 0, lines: [line(1), line(2)], offset: 20 });
    const ids = (query: ListQuery): string[] => tasks.list(query).map(({ record }) => record.id);
    const all = ['sl-4', 'sl-5', 'sl-2', 'sl-3', 'sl-0', 'sl-1'];
    expect(ids({ limit: 10 })).toEqual(all);
    const paged: string[] = [];
    for (let before: string | undefined; paged.length < all.length; before = paged.at(-1)) {
      paged.push(...ids({ limit: 1, before }));
    }
    expect(paged).toEqual(all);
    expect(ids({ limit: 1, before: 'sl-1' })).toEqual([]);
    expect(ids({ limit: 10, state: 'failed' })).toEqual(['sl-4', 'sl-2']);
    expect(ids({ limit: 10, state: 'running' })).toEqual(['sl-3', 'sl-1']);
    expect(ids({ limit: 10, state: 'pending', before: 'sl-4' })).toEqual(['sl-5']);
    const [unknown] = tasks.list({ limit: 1, state: 'running' });
    expect(unknown?.lastIndex).toBe(2);
  });

  it('forgets what tasks said that ended long ago, and nothing else', () => {
    const { tasks, events } = open();
    const end = (id: string, endedAt: number | null): void => {
      const own = { ...request, requestId: `request of ${id}` };
      const phase = endedAt === null ? 'running' : 'failed';
      tasks.insert({ ...newTask(id, own, 1), phase, endedAt }, own);
      events.append({ task: id, attempt: 0, lines: [line(1)], offset: 10 });
    };
    end('sl-old', 100);
    end('sl-new', 300);
    end('sl-live', null);
    expect(tasks.endedBefore(200)).toEqual(['sl-old']);
    tasks.forgetEvents('sl-old');
    const left = ['sl-old', 'sl-new', 'sl-live'].map(id => events.lastIndex(id));
    expect(left).toEqual([0, 1, 1]);
    expect(tasks.get('sl-old')?.phase).toBe('failed');
    expect(tasks.endedBefore(200)).toEqual([]);
  });

  it('brings a store of the first version up to date', () => {
    const old = new DatabaseSync(path);
    old.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1`);
    const record = JSON.stringify(newTask('sl-a', request, 1));
    old
      .prepare('INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?)')
      .run('sl-a', 'r', 'running', 1, null, record);
    old
      .prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)')
      .run('sl-a', 1, 0, 1, 'stream', '{}');
    old.close();
    const { tasks, events } = open();
    expect(tasks.live().map(({ id }) => id)).toEqual(['sl-a']);
    const { gaps } = events.append({
      task: 'sl-a',
      attempt: 0,
      lines: [line(1), line(2)],
      offset: 9
    });
    expect([gaps, events.after('sl-a', 0, 10).map(({ seq }) => seq)]).toEqual([[], [1, 2]]);
  });

  it('does not open a store that a newer Sluice wrote', () => {
    const database = openDatabase({ path, networkDisk: false });
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    expect(open).toThrow(/newer Sluice/);
  });
});
