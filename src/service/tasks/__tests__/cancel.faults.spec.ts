import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { down, dropConnections, up } from '../../../../testbed/control';
import { isTerminal } from '../../../shared/phases';
import type { Task } from '../../../shared/wire/task';
import { recordTrials, trialCount } from '../../../testing/record-trials';
import { printed, type ServiceStand } from '../../../testing/service-stand';
import { type AnswerThief, namesInQueue, openSlurmStand } from '../../../testing/slurm-fault-stand';
import { waitUntil } from '../../../testing/wait-until';

jest.setTimeout(7_200_000);

const HAND_OVER = 'submit the job';
const folder = mkdtempSync(join(tmpdir(), 'sl-cancel-'));
const bed = join(folder, 'bed');
let stand: ServiceStand;
let thief: AnswerThief;

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 2, report: () => undefined });
  ({ stand, thief } = await openSlurmStand(bed));
}, 120_000);

afterAll(async () => {
  await stand.close();
  await down(bed, { report: () => undefined, remove: true });
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

const taskOf = async (id: string): Promise<Task> =>
  (await stand.app.inject({ url: `/api/status/${id}` })).json<Task>();
const untilPhase = (id: string, ...phases: Task['phase'][]): Promise<void> =>
  waitUntil(`task ${id} is ${phases.join(' or ')}`, async () =>
    phases.includes((await taskOf(id)).phase)
  );

let markers = 0;
type Marked = { id: string; marker: string };

/** A cell that notes that it ran, prints, and then waits for ever. */
async function submit(resources = {}): Promise<Marked> {
  markers += 1;
  const marker = join(folder, `ran-${markers}`);
  const source = [
    `open(${JSON.stringify(marker)}, 'a').write('x')`,
    'print("on", flush=True)',
    'import threading',
    'threading.Event().wait()'
  ].join('\n');
  const { id } = await stand.submit(stand.cell(source, { resources }));
  return { id, marker };
}

const ranTimes = ({ marker }: Marked): number =>
  existsSync(marker) ? readFileSync(marker, 'utf8').length : 0;

const HELD = { sbatch: ['--hold'] };

/** Each brings one task into a phase and cancels it there; what must be so afterwards is the same. */
const PHASES: readonly [name: string, act: () => Promise<Marked>][] = [
  [
    'preparing',
    async () => {
      const marked = await submit();
      await stand.cancel(marked.id);
      return marked;
    }
  ],
  [
    'submitting, nothing heard there',
    async () => {
      thief.lose(HAND_OVER, 'before', 2);
      const marked = await submit();
      await waitUntil('it is handed over', async () => thief.asked.includes(HAND_OVER));
      await stand.cancel(marked.id);
      return marked;
    }
  ],
  [
    'submitting, accepted and not answered',
    async () => {
      thief.lose(HAND_OVER, 'after', 1);
      const marked = await submit();
      await waitUntil('it is handed over', async () => thief.asked.includes(HAND_OVER));
      await stand.cancel(marked.id);
      return marked;
    }
  ],
  [
    'submitting, on a host that stands still',
    async () => {
      const marked = await submit();
      await untilPhase(marked.id, 'submitting', 'queued', 'running');
      thief.freeze();
      await stand.cancel(marked.id);
      thief.thaw();
      return marked;
    }
  ],
  [
    'queued',
    async () => {
      const marked = await submit(HELD);
      await untilPhase(marked.id, 'queued');
      await stand.cancel(marked.id);
      return marked;
    }
  ],
  [
    'running',
    async () => {
      const marked = await submit();
      await stand.follow(marked.id, batch => printed(batch) === 'on\n');
      await stand.cancel(marked.id);
      return marked;
    }
  ],
  [
    'running, the connection cut',
    async () => {
      const marked = await submit();
      await stand.follow(marked.id, batch => printed(batch) === 'on\n');
      await dropConnections(bed);
      await stand.cancel(marked.id);
      return marked;
    }
  ],
  [
    'the cancel itself not answered',
    async () => {
      const marked = await submit(HELD);
      await untilPhase(marked.id, 'queued');
      thief.lose('cancel the job', 'before', 1);
      await stand.cancel(marked.id);
      return marked;
    }
  ],
  [
    'the service restarted behind the cancel',
    async () => {
      const marked = await submit(HELD);
      await untilPhase(marked.id, 'queued');
      thief.lose('cancel the job', 'before', 1);
      await stand.cancel(marked.id);
      await stand.stop();
      await stand.restart();
      return marked;
    }
  ]
];

describe('cancel means gone', () => {
  const perPhase = trialCount(1, Math.ceil(480 / PHASES.length));

  it.each(PHASES)('%s', async (name, act) => {
    const counts = { canceled: 0, inQueue: 0, startedAfter: 0, lostOutput: 0 };
    for (let trial = 0; trial < perPhase; trial += 1) {
      thief.asked.splice(0);
      const marked = await act();
      await waitUntil(
        `${name}: it ends`,
        async () => isTerminal((await taskOf(marked.id)).phase),
        90_000
      );
      const before = ranTimes(marked);
      const { task, ...batch } = await stand.follow(marked.id);
      expect(task).toMatchObject({ phase: 'canceled', reason: { code: 'canceled' } });
      counts.canceled += 1;
      counts.inQueue += (await namesInQueue(bed)).filter(key => key === marked.id).length;
      counts.startedAfter += ranTimes(marked) - before;
      counts.lostOutput += before === 1 && printed(batch) !== 'on\n' ? 1 : 0;
    }
    recordTrials({ suite: 'cancel', point: name, trials: perPhase, counts });
    expect(counts).toEqual({ canceled: perPhase, inQueue: 0, startedAfter: 0, lostOutput: 0 });
  });

  it('many at once go to the host in one script', async () => {
    const count = trialCount(4, 20);
    const tasks = [];
    for (let i = 0; i < count; i += 1) {
      tasks.push(await submit(HELD));
    }
    await Promise.all(tasks.map(({ id }) => untilPhase(id, 'queued')));
    thief.asked.splice(0);
    const ids = tasks.map(({ id }) => id);
    const url = '/api/cancel';
    const answer = await stand.app.inject({ method: 'POST', url, payload: { ids } });
    expect(
      answer.json<{ tasks: Task[] }>().tasks.map(({ cancelRequested }) => cancelRequested)
    ).toEqual(ids.map(() => true));
    await Promise.all(ids.map(id => untilPhase(id, 'canceled')));
    const cancels = thief.asked.filter(action => action.startsWith('cancel the job'));
    expect(cancels.length).toBeLessThan(4);
    expect(cancels[0]).toBe('cancel the jobs');
    expect(await namesInQueue(bed)).toEqual([]);
    expect(tasks.map(ranTimes)).toEqual(ids.map(() => 0));
    const counts = { canceled: count, inQueue: 0, startedAfter: 0, lostOutput: 0 };
    recordTrials({ suite: 'cancel', point: 'many at once', trials: count, counts });
  });
});
