import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compileEntry } from '../../../testing/compile-entry';
import { recordTrials, trialCount } from '../../../testing/record-trials';
import { SeededRandom } from '../../../testing/seeded-random';
import { LINE_BYTES } from '../../../testing/store-writer';
import { openDatabase } from '../database';
import { EventStore } from '../event-store';
import { TaskStore } from '../task-store';

const source = resolve(__dirname, '../../../testing/store-writer.ts');
const packages = resolve(__dirname, '../../../../node_modules');
const KILLS_A_STORE = 20;
const TRIALS = trialCount(24, 2000);
const SEED = Number(process.env['SLUICE_SEED'] ?? 6);

type Mode = 'local' | 'network';

/** What the killed process said to be on disk. */
type Acknowledged = { tasks: Set<string>; seqs: Map<string, number>; notes: Map<string, number> };

function take(said: Acknowledged, line: string): void {
  const [what, id = '', first, second] = line.split(' ');
  if (what === 'task') {
    said.tasks.add(id);
  }
  if (what === 'line' || what === 'both') {
    said.seqs.set(id, Number(first));
  }
  if (what === 'note' || what === 'both') {
    said.notes.set(id, Number(what === 'note' ? first : second));
  }
}

/** The store of a process that is killed while it writes, again and again. */
describe('a store whose service is killed', () => {
  let folder: string;
  let entry: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-crash-'));
    entry = compileEntry(source, join(folder, 'compiled'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const start = (path: string, mode: Mode, seed: number): ChildProcess =>
    spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', entry, path, mode, `${seed}`],
      {
        env: { ...process.env, NODE_PATH: packages, NODE_COMPILE_CACHE: join(folder, 'cache') },
        stdio: ['ignore', 'pipe', 'inherit']
      }
    );

  /** Kill it once it has said so many things, at whatever it is doing then. */
  const killAfter = async (child: ChildProcess, count: number): Promise<string[]> => {
    let text = '';
    child.stdout?.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').length > count) {
        child.kill('SIGKILL');
      }
    });
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGKILL');
    return text.split('\n').slice(0, -1);
  };

  /** What was acknowledged and is not there; what is there by half. */
  const losses = (path: string, mode: Mode, said: Acknowledged): string[] => {
    const database = openDatabase({ path, networkDisk: mode === 'network' });
    const tasks = new TaskStore(database);
    const events = new EventStore(database);
    const check = database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
    const lost = check === 'ok' ? [] : [`integrity: ${String(check)}`];
    for (const id of said.tasks) {
      const record = tasks.get(id);
      if (record === undefined || tasks.request(id).requestId !== record.requestId) {
        lost.push(`task ${id}`);
        continue;
      }
      const lastSeq = events.lastSeq(id, 0);
      const note = Number(record.progress ?? 0);
      if (lastSeq < (said.seqs.get(id) ?? 0) || note < (said.notes.get(id) ?? 0)) {
        lost.push(`${id}: line ${lastSeq}, note ${note}`);
      }
      if (events.lastIndex(id) !== lastSeq || events.offset(id, 0) !== lastSeq * LINE_BYTES) {
        lost.push(
          `${id}: ${events.lastIndex(id)} events to ${lastSeq}, read to ${events.offset(id, 0)}`
        );
      }
    }
    database.close();
    return lost;
  };

  it.each(['local', 'network'] as const)(
    'opens with every acknowledged record, on a disk that is %s',
    async mode => {
      const random = new SeededRandom(SEED + mode.length);
      const trials = TRIALS / 2;
      let acknowledged = 0;
      let lostCount = 0;
      let said: Acknowledged = { tasks: new Set(), seqs: new Map(), notes: new Map() };
      for (let trial = 0; trial < trials; trial += 1) {
        const path = join(folder, `${mode}-${Math.floor(trial / KILLS_A_STORE)}.db`);
        if (trial % KILLS_A_STORE === 0) {
          said = { tasks: new Set(), seqs: new Map(), notes: new Map() };
        }
        const child = start(path, mode, SEED * 10_000 + trial);
        const lines = await killAfter(child, 1 + random.below(mode === 'local' ? 60 : 20));
        lines.forEach(line => take(said, line));
        acknowledged += lines.length;
        const lost = losses(path, mode, said);
        lostCount += lost.length;
        expect({ seed: SEED, trial, lost }).toEqual({ seed: SEED, trial, lost: [] });
      }
      const point = `killed while it writes, ${mode === 'local' ? 'WAL' : 'rollback journal'}`;
      recordTrials({ suite: 'store', point, trials, counts: { acknowledged, lost: lostCount } });
    },
    30 * 60_000
  );
});
