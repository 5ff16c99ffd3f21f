import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { submitSchema } from '../../../shared/wire/submit';
import { openDatabase } from '../../store/database';
import { EventStore } from '../../store/event-store';
import { TaskStore } from '../../store/task-store';
import { newTask } from '../../tasks/new-task';
import { TaskBoard } from '../../tasks/task-board';
import { History } from '../history';

const DAY_MS = 86_400_000;

describe('History', () => {
  it.each([
    [90, ['sl-95']],
    [3, ['sl-95', 'sl-5']],
    [0, []]
  ])('of %s days forgets what older tasks said and brought', async (days, forgotten) => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-history-'));
    const database = openDatabase({ path: join(directory, 'store.db'), networkDisk: false });
    const tasks = new TaskStore(database);
    const events = new EventStore(database);
    const board = new TaskBoard(tasks, events, () => 0);
    const resultsDir = join(directory, 'results');
    const now = 1000 * DAY_MS;
    for (const age of [95, 5, 1]) {
      const id = `sl-${age}`;
      const request = submitSchema.parse({
        ...{ requestId: `request of ${id}`, target: 'here', resources: {}, origin: null },
        ...{ payload: { kind: 'cell', source: 'x', outputs: null }, projectDir: null },
        capture: null
      });
      const endedAt = now - age * DAY_MS;
      const path = join(resultsDir, id, 'value');
      const variable = { name: 'x', type: 'int', bytes: 1, format: 'json', reason: null };
      const variables = [{ ...variable, files: [{ role: 'json', path }] }];
      const record = { ...newTask(id, request, endedAt - 1), endedAt, variables };
      tasks.insert({ ...record, phase: 'completed' }, request);
      const data = { name: 'stdout' as const, text: 'said' };
      const lines = [{ seq: 1, at: 0, type: 'stream' as const, data }];
      events.append({ task: id, attempt: 0, lines, offset: 1 });
      mkdirSync(join(resultsDir, id), { recursive: true });
      writeFileSync(path, '1');
    }
    const stop = new AbortController();
    const clock = {
      nowMs: () => now,
      elapsedMs: () => 0,
      delay: () => {
        stop.abort();
        return Promise.resolve();
      }
    };
    const log = pino({ level: 'silent' });
    const keepDays = (): number => days;
    const history = new History({ tasks, board, clock, log, resultsDir, keepDays });
    await history.keep(stop.signal);
    for (const id of ['sl-95', 'sl-5', 'sl-1']) {
      const isGone = forgotten.includes(id);
      const record = board.get(id);
      expect([id, events.lastIndex(id), existsSync(join(resultsDir, id))]).toEqual(
        isGone ? [id, 0, false] : [id, 1, true]
      );
      expect(record.variables[0]?.files).toHaveLength(isGone ? 0 : 1);
      expect([record.phase, record.variables[0]?.reason === null]).toEqual(['completed', !isGone]);
    }
    database.close();
    rmSync(directory, { recursive: true });
  });
});
