import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Bucket, CountedSlurm } from '../../../testing/counted-slurm';
import { inFull, recordTrials } from '../../../testing/record-trials';
import { VirtualClock } from '../../../testing/virtual-clock';
import { submitSchema } from '../../../shared/wire/submit';
import { createSlurmScheduler } from '../../schedulers/slurm-scheduler';
import { openDatabase } from '../../store/database';
import { EventStore } from '../../store/event-store';
import type { Place, TaskRecord } from '../../store/task-record';
import { TaskStore } from '../../store/task-store';
import type { IClock } from '../clock';
import { Hosts } from '../hosts';
import { newTask } from '../new-task';
import { TaskBoard } from '../task-board';
import { Watcher } from '../watcher';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEP_MS = 1000;

type Life = {
  tasks: number;
  windows: number;
  bucket?: Bucket;
  floorMs?: number;
  /** Between two submits; through the real stub, which calls sbatch. */
  submitEveryMs?: number;
  isHeard?: boolean;
  forMs?: number;
};

type Counts = { status: number; submit: number; other: number; most: number; perMinute: number[] };

const request = submitSchema.parse({
  requestId: 'request-0',
  target: 'cluster',
  resources: {},
  payload: { kind: 'cell', source: 'x', outputs: null },
  origin: null,
  projectDir: null,
  capture: null
});

/** The watcher, the poller and the scheduler's own texts over an hour of a clock that a test moves. */
describe('the calls of Slurm commands in an hour', () => {
  // Against hangs alone: in full, thousands of real shells run.
  jest.setTimeout(600_000);

  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-calls-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const virtual = new VirtualClock();
  const clock: IClock = {
    nowMs: virtual.nowMs,
    elapsedMs: virtual.elapsedMs,
    delay: (ms, signal) =>
      new Promise(resolve => {
        if (signal?.aborted === true || ms <= 0) {
          resolve();
          return;
        }
        const done = (): void => {
          back();
          resolve();
        };
        const back = virtual.after(ms, done);
        signal?.addEventListener('abort', done, { once: true });
      })
  };

  const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

  /** Time goes by in steps, and stands still while a real process runs. */
  async function pass(ms: number, slurm: CountedSlurm): Promise<void> {
    for (let gone = 0; gone < ms; gone += STEP_MS) {
      virtual.advance(STEP_MS);
      await turn();
      while (slurm.running > 0) {
        await turn();
      }
    }
  }

  async function live(life: Life): Promise<Counts & { failures: string[]; phases: Set<string> }> {
    const { tasks: count, windows, bucket, floorMs = 0, submitEveryMs, isHeard = true } = life;
    const slurm = new CountedSlurm(clock, bucket ?? null);
    const scheduler = createSlurmScheduler();
    const database = openDatabase({ path: join(folder, 'store.db'), networkDisk: false });
    // What a crash would leave is no matter here.
    database.exec('PRAGMA synchronous = OFF');
    const store = new TaskStore(database);
    const events = new EventStore(database);
    const board = new TaskBoard(store, events, clock.nowMs);
    const hosts = new Hosts({ transport: () => slurm, scheduler: () => scheduler });
    const failures: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void failures.push(line) });
    const watcher = new Watcher({
      board,
      events,
      hosts,
      clock,
      log,
      // Whoever looks on asks the service, never the cluster.
      hasViewer: () => windows > 1,
      pollFloorMs: () => Promise.resolve(floorMs),
      decide: () => undefined
    });
    const place: Place = {
      scheduler: 'slurm',
      host: 'cluster',
      sshConfig: null,
      root: slurm.root,
      python: 'python3',
      setup: []
    };
    const beganAtMs = clock.elapsedMs();
    const rows: string[] = [];
    const begin = async (number: number): Promise<void> => {
      const id = `sl-${number}`;
      const jobId = submitEveryMs === undefined ? String(number) : await submit(id, slurm);
      const base = newTask(id, { ...request, requestId: `request-${id}` }, clock.nowMs());
      const record: TaskRecord = { ...base, phase: isHeard ? 'running' : 'queued', place, jobId };
      store.insert(record, request);
      board.add(record);
      rows.push(`${jobId}|RUNNING|0|0:0|1|2||node1|${id}|None`);
      slurm.setQueue(rows);
      if (isHeard) {
        const data = { python: '3', host: 'node1', pid: 1, jobId, at: 1 };
        const line = { seq: 1, at: 1, type: 'started', data } as never;
        board.append({ task: id, attempt: 0, lines: [line], offset: 10 });
      }
      watcher.watch(record);
    };
    const submit = async (id: string, on: CountedSlurm): Promise<string> => {
      const directory = `${on.root}/runs/${id}`;
      const spec = { setup: [], python: 'python3', workerPath: '/w', resources: {} };
      const text = scheduler.buildSubmit({ key: id, root: on.root, directory, ...spec });
      const result = await on.run(text, { action: 'submit', timeoutMs: HOUR_MS });
      const outcome = scheduler.parseSubmit({ ...result, stdout: result.stdout.toString() });
      return outcome.kind === 'accepted' ? outcome.jobId : outcome.kind;
    };
    let started = Promise.resolve();
    for (let number = 1; number <= count; number += 1) {
      started = started.then(() => begin(number));
      if (submitEveryMs !== undefined) {
        await pass(submitEveryMs, slurm);
      }
    }
    await pass(life.forMs ?? HOUR_MS, slurm);
    await started;
    watcher.close();
    const phases = new Set(board.liveTasks.map(({ phase }) => phase));
    database.close();
    await slurm.close();
    return { ...countsOf(slurm, beganAtMs), failures, phases };
  }

  function countsOf(slurm: CountedSlurm, beganAtMs: number): Counts {
    const named = (names: string[]): number[] =>
      slurm.calls.filter(({ name }) => names.includes(name)).map(({ atMs }) => atMs - beganAtMs);
    const status = named(['squeue', 'sacct']);
    const inMinuteFrom = (fromMs: number): number =>
      status.filter(atMs => atMs >= fromMs && atMs < fromMs + MINUTE_MS).length;
    const minutes = Array.from({ length: 60 }, (_, minute) => inMinuteFrom(minute * MINUTE_MS));
    return {
      status: status.length,
      submit: named(['sbatch']).length,
      other: slurm.calls.length - status.length - named(['sbatch']).length,
      most: Math.max(...status.map(inMinuteFrom)),
      perMinute: minutes
    };
  }

  const all = [1, 100, 1000].flatMap(tasks => [1, 5].map(windows => ({ tasks, windows })));
  const few = [
    { tasks: 1, windows: 1 },
    { tasks: 100, windows: 5 }
  ];
  const sizes = inFull ? all : few;

  it.each(sizes)('of $tasks tasks in $windows windows', async ({ tasks, windows }) => {
    const { status, submit, other, most, perMinute, failures } = await live({ tasks, windows });
    expect(failures).toEqual([]);
    expect(status).toBeGreaterThan(10);
    expect(status).toBeLessThanOrEqual(60);
    // Once the submits are over.
    expect(Math.max(...perMinute.slice(1))).toBe(1);
    expect([most <= 4, submit, other]).toEqual([true, 0, 0]);
    const counts = { 'status calls an hour': status, 'most in a minute': most };
    recordTrials({
      suite: 'slurm calls',
      point: `${tasks} tasks, ${windows} windows`,
      trials: 1,
      counts
    });
  });

  it('backs off to one in three minutes where nothing changes', async () => {
    const { perMinute } = await live({ tasks: 3, windows: 1 });
    const late = perMinute.slice(30).reduce((sum, calls) => sum + calls, 0);
    expect(late).toBeGreaterThanOrEqual(9);
    expect(late).toBeLessThanOrEqual(11);
  });

  it.each<[string, number, number]>([
    ['one after the other', 20, 3000],
    ...(inFull ? [['for a quarter of an hour', 1000, 1000] as [string, number, number]] : [])
  ])('while tasks are submitted %s', async (_, tasks, submitEveryMs) => {
    const counts = await live({ tasks, windows: 1, submitEveryMs, isHeard: false });
    expect(counts.failures).toEqual([]);
    expect(counts.submit).toBe(tasks);
    expect(counts.most).toBeLessThanOrEqual(4);
    expect(counts.status).toBeLessThanOrEqual(60);
    expect(counts.submit + counts.other).toBeLessThanOrEqual(2 * tasks);
    recordTrials({
      suite: 'slurm calls',
      point: `${tasks} tasks submitted in turn`,
      trials: 1,
      counts: { 'status calls an hour': counts.status, 'most in a minute': counts.most }
    });
  });

  it.each([
    ['lets calls wait', false],
    ['refuses calls', true]
  ])('behind a limiter of 40 calls and 4 a minute that %s', async (_, refuses) => {
    const bucket = { tokens: 40, perMinute: 4, refuses };
    const isBusy = { tasks: refuses ? 100 : 60, windows: 5, bucket };
    // Submits take most of what the limiter gives, where it lets them wait.
    const counts = await live(refuses ? isBusy : { ...isBusy, submitEveryMs: 2000 });
    expect(counts.failures).toEqual([]);
    expect(counts.phases).toEqual(new Set(['running']));
    expect(counts.status).toBeGreaterThan(10);
    expect(counts.status).toBeLessThanOrEqual(60);
    recordTrials({
      suite: 'slurm calls',
      point: `behind a limiter that ${refuses ? 'refuses' : 'waits'}`,
      trials: 1,
      counts: { 'status calls an hour': counts.status, 'most in a minute': counts.most }
    });
  });

  it('goes on where the limiter is empty from the start', async () => {
    const bucket = { tokens: 0, perMinute: 0.5, refuses: true };
    const counts = await live({ tasks: 10, windows: 1, bucket });
    expect(counts.failures).toEqual([]);
    expect(counts.phases).toEqual(new Set(['running']));
    expect(counts.status).toBeGreaterThan(5);
    expect(counts.status).toBeLessThanOrEqual(45);
  });

  it('keeps what the site wants, also around a submit', async () => {
    const site = { tasks: 2, windows: 5, isHeard: false, floorMs: 10 * MINUTE_MS };
    const { status } = await live(site);
    expect(status).toBeGreaterThanOrEqual(5);
    expect(status).toBeLessThanOrEqual(7);
  });
});
