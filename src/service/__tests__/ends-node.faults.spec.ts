import {
  failNode,
  killNode,
  startJobNow,
  startNode,
  waitUntilUsable
} from '../../../testbed/control';
import { checkEnds, dueKinds, seen, type EndKind, type SeenEnd } from '../../testing/end-kinds';
import { cellThat, EndsStand, jobOf } from '../../testing/ends-stand';
import type { Resources } from '../../shared/wire/resources';
import type { EventBatch } from '../../shared/wire/service';

jest.setTimeout(1_800_000);

/** The first start never ends by itself; the next one does, and each keeps what it wrote to itself. */
const TWICE = cellThat(
  'import os, time',
  'start = os.environ.get("SLURM_RESTART_COUNT", "0")',
  'with open("starts.txt", "a") as file: print(start, file=file)',
  'while start == "0": time.sleep(0.05)',
  'print("start", start, open("starts.txt").read().split())'
);
const FIRST = 'on\n';
const BOTH = "on\non\nstart 1 ['1']\n";
const NODE = 'node1';

let ends: EndsStand;

beforeAll(async () => {
  ends = await EndsStand.open({ killWait: '2' }, 1);
});

afterAll(async () => {
  await ends.close();
});

const alone = (more: Resources = {}): Resources => ({
  ...more,
  sbatch: ['--exclusive', ...(more.sbatch ?? [])]
});

/** How many starts there were, each with why it was over. */
function starts({ task, events }: EventBatch): SeenEnd {
  const { formerAttempts, attempt } = task;
  return {
    attempt,
    former: formerAttempts.map(({ reason }) => reason?.code),
    attempts: [...new Set(events.map(event => event.attempt))]
  };
}

async function failForGood(): Promise<SeenEnd> {
  const { id } = await ends.begin(TWICE, { resources: alone({ requeue: false }) });
  await failNode(ends.bed, NODE);
  const end = await ends.end(id);
  await waitUntilUsable(ends.bed);
  return seen(end);
}

async function failAndRunAgain(): Promise<SeenEnd> {
  const task = await ends.begin(TWICE, { resources: alone({ requeue: true }) });
  await failNode(ends.bed, NODE);
  await ends.until(task.id, ({ phase }) => phase !== 'running');
  await waitUntilUsable(ends.bed);
  await startJobNow(ends.bed, jobOf(task));
  const end = await ends.end(task.id);
  return seen(end, starts(end));
}

async function preemptAndRunAgain(): Promise<SeenEnd> {
  const low = await ends.begin(TWICE, { resources: alone({ partition: 'low', requeue: true }) });
  const high = await ends.end(
    await ends.submit(cellThat(), { resources: alone({ partition: 'high' }) })
  );
  await ends.until(low.id, ({ phase }) => phase !== 'running');
  await startJobNow(ends.bed, jobOf(low));
  const end = await ends.end(low.id);
  return seen(end, { ...starts(end), high: high.task.phase });
}

async function preemptForGood(): Promise<SeenEnd> {
  const low = await ends.begin(TWICE, { resources: alone({ partition: 'low', requeue: false }) });
  await ends.end(await ends.submit(cellThat(), { resources: alone({ partition: 'high' }) }));
  return seen(await ends.end(low.id));
}

/** Slurm gives the node up while the process of the job goes on writing. */
async function loseNodeDaemon(): Promise<SeenEnd> {
  const { id } = await ends.begin(TWICE, { resources: alone({ requeue: false }) });
  await killNode(ends.bed, NODE);
  await ends.until(id, ({ reason }) => reason?.code === 'outlives');
  await startNode(ends.bed, NODE);
  const end = await ends.end(id);
  await waitUntilUsable(ends.bed);
  return seen(end);
}

const kinds: EndKind[] = [
  {
    point: 'its node fails, no requeue',
    few: 1,
    all: 12,
    atOnce: 1,
    make: failForGood,
    expected: { phase: 'node-failed', code: 'node', printed: FIRST }
  },
  {
    point: 'its node fails, it is requeued and runs again',
    few: 0,
    all: 12,
    atOnce: 1,
    make: failAndRunAgain,
    expected: {
      phase: 'completed',
      code: null,
      printed: BOTH,
      attempt: 1,
      former: ['requeued'],
      attempts: [0, 1]
    }
  },
  {
    point: 'preempted, requeued, and runs again',
    few: 1,
    all: 12,
    atOnce: 1,
    make: preemptAndRunAgain,
    expected: {
      phase: 'completed',
      code: null,
      printed: BOTH,
      attempt: 1,
      former: ['requeued'],
      attempts: [0, 1],
      high: 'completed'
    }
  },
  {
    point: 'preempted for good',
    few: 0,
    all: 3,
    atOnce: 1,
    make: preemptForGood,
    expected: { phase: 'failed', code: 'preempted', printed: FIRST }
  },
  {
    point: 'its node’s slurmd dies while its process goes on',
    few: 0,
    all: 2,
    atOnce: 1,
    make: loseNodeDaemon,
    expected: { phase: 'node-failed', code: 'node', printed: FIRST }
  }
];

describe('ends that a node or another job makes, on a real Slurm', () => {
  it.each(dueKinds(kinds))('%s', async (_point, kind) => {
    await checkEnds(kind);
  });
});
