import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkerLine } from '../../../shared/wire/events';
import type { SubmitRequest } from '../../../shared/wire/submit';
import { newTask } from '../../tasks/new-task';
import { openDatabase } from '../database';
import { EventStore } from '../event-store';
import { MIGRATIONS } from '../migrations';
import type { TaskRecord } from '../task-record';
import { TaskStore } from '../task-store';

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
    expect([tasks.get('sl-a')?.notes, tasks.list(1)[0]?.notes]).toEqual([notes, []]);
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
    expect(tasks.list(10).map(({ id }) => id)).toEqual(['sl-b', 'sl-a']);
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

  it('does not open a store that a newer Sluice wrote', () => {
    const database = openDatabase({ path, networkDisk: false });
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    expect(open).toThrow(/newer Sluice/);
  });
});
