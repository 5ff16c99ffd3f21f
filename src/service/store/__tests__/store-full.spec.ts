import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { SluiceError } from '../../../shared/errors';
import type { WorkerLine } from '../../../shared/wire/events';
import { submitSchema } from '../../../shared/wire/submit';
import { newTask } from '../../tasks/new-task';
import { TaskBoard } from '../../tasks/task-board';
import { openDatabase } from '../database';
import { EventStore } from '../event-store';
import { TaskStore } from '../task-store';

const request = submitSchema.parse({
  requestId: 'request-1',
  target: 'here',
  resources: {},
  payload: { kind: 'cell', source: 'print(1)', outputs: null },
  origin: null,
  projectDir: null,
  capture: null
});

const large = (seq: number): WorkerLine => ({
  seq,
  at: 0,
  type: 'stream',
  data: { name: 'stdout', text: 'x'.repeat(50_000) }
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error instanceof SluiceError ? error.code : String(error);
  }
}

describe.each([true, false])('a store without room, on a network disk: %s', networkDisk => {
  let directory: string;
  let database: DatabaseSync;
  let tasks: TaskStore;
  let events: EventStore;
  let board: TaskBoard;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-full-'));
    database = openDatabase({ path: join(directory, 'store.db'), networkDisk });
    tasks = new TaskStore(database);
    events = new EventStore(database);
    board = new TaskBoard(tasks, events, () => 0);
    const record = newTask('sl-a', request, 1);
    tasks.insert(record, request);
    board.add(record);
  });

  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const pages = (): number => Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  const setRoom = (more: number): void => {
    database.exec(`PRAGMA max_page_count = ${pages() + more}`);
  };

  it('says so, keeps what it had, and goes on when there is room', () => {
    board.append({ task: 'sl-a', attempt: 0, lines: [large(1)], offset: 10 });
    setRoom(4);
    const lines = [large(2), large(3)];
    const arrival = { task: 'sl-a', attempt: 0, lines, offset: 30 };
    expect(codeOf(() => board.append(arrival))).toBe('store-full');
    expect(events.lastIndex('sl-a')).toBe(1);
    expect(events.offset('sl-a', 0)).toBe(10);
    const other = { ...request, requestId: 'request-2', projectDir: '/x'.repeat(50_000) };
    expect(codeOf(() => tasks.insert(newTask('sl-b', other, 2), other))).toBe('store-full');
    expect(tasks.byRequest('request-2')).toBeUndefined();
    setRoom(100);
    expect(board.append(arrival)).toEqual({ lastIndex: 3, gaps: [] });
    expect(events.offset('sl-a', 0)).toBe(30);
    tasks.insert(newTask('sl-b', other, 2), other);
    expect(database.prepare('PRAGMA integrity_check').get()?.['integrity_check']).toBe('ok');
  });

  it('stores several changes or none, and tells nobody of what it did not store', () => {
    const told: string[] = [];
    board.listen({
      task: ({ node }) => told.push(`node ${node}`),
      events: (_, lastIndex) => told.push(`events to ${lastIndex}`)
    });
    setRoom(4);
    const change = (lines: WorkerLine[]): void => {
      board.together(() => {
        board.patch('sl-a', { node: 'n1' });
        board.append({ task: 'sl-a', attempt: 0, lines, offset: 10 });
        board.patch('sl-a', { progress: `on ${board.get('sl-a').node}` });
      });
    };
    expect(codeOf(() => change([large(1), large(2)]))).toBe('store-full');
    expect([told, board.get('sl-a').node, tasks.get('sl-a')?.node]).toEqual([[], null, null]);
    setRoom(100);
    change([large(1), large(2)]);
    expect(told).toEqual(['node n1', 'events to 2']);
    expect(tasks.get('sl-a')).toMatchObject({ node: 'n1', progress: 'on n1' });
  });
});
