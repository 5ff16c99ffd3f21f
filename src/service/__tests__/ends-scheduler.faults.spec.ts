import { limitJob } from '../../../testbed/control';
import { checkEnds, dueKinds, seen, type EndKind, type SeenEnd } from '../../testing/end-kinds';
import { BEGUN, cellThat, EndsStand, endless, jobOf } from '../../testing/ends-stand';
import { printed } from '../../testing/service-stand';
import type { Task } from '../../shared/wire/task';

jest.setTimeout(1_800_000);

/** Each epoch stands in a variable and in a file. */
const LEARNING = cellThat(
  'import time',
  'history = []',
  'while True:',
  '    history.append(len(history))',
  '    with open("history.txt", "a") as file: print(history[-1], file=file)',
  '    time.sleep(0.1)'
);
const DEAF = cellThat(
  'import time',
  'while True:',
  '    try: time.sleep(0.2)',
  '    except BaseException: pass'
);
const MINUTE = { time: '1' };
const HOLD = { sbatch: ['--hold'] };

let ends: EndsStand;

beforeAll(async () => {
  ends = await EndsStand.open({ killWait: '2' }, 3);
});

afterAll(async () => {
  await ends.close();
});

const isCode =
  (code: string) =>
  ({ reason }: Task): boolean =>
    reason?.code === code;

async function cancelRunning(): Promise<SeenEnd> {
  const { id } = await ends.begin(endless);
  await ends.service.cancel(id);
  return seen(await ends.end(id));
}

async function cancelWaiting(): Promise<SeenEnd> {
  const id = await ends.submit(endless, { resources: HOLD });
  await ends.until(id, ({ phase }) => phase === 'queued');
  await ends.service.cancel(id);
  return seen(await ends.end(id));
}

async function scancelRunning(): Promise<SeenEnd> {
  const task = await ends.begin(endless);
  await ends.slurm('scancel', jobOf(task));
  return seen(await ends.end(task.id));
}

async function scancelWaiting(): Promise<SeenEnd> {
  const id = await ends.submit(endless, { resources: HOLD });
  const task = await ends.until(id, ({ phase }) => phase === 'queued');
  await ends.slurm('scancel', jobOf(task));
  return seen(await ends.end(id));
}

/** A real limit of one minute; `history` and the file come home as far as the cell came. */
async function reachLimit(): Promise<SeenEnd> {
  const { id } = await ends.begin(LEARNING, { resources: MINUTE, outputs: ['history'] });
  const batch = await ends.end(id);
  const { isPartial, variables, files } = batch.task;
  const home = variables.filter(({ reason }) => reason === null).map(({ name }) => name);
  return seen(batch, { isPartial, home, files: files?.count ?? 0 });
}

async function ignoreLimit(): Promise<SeenEnd> {
  const task = await ends.begin(DEAF);
  await limitJob(ends.bed, jobOf(task), 1);
  const batch = await ends.end(task.id);
  // Its worker may add that the cell did not stop.
  return seen(batch, { printed: printed(batch).slice(0, BEGUN.length) });
}

async function holdAndRelease(): Promise<SeenEnd> {
  const id = await ends.submit(cellThat(), { resources: HOLD });
  const { reason, jobId } = await ends.until(id, isCode('held'));
  await ends.slurm('scontrol', 'release', jobId ?? '');
  return seen(await ends.end(id), { token: reason?.token });
}

async function requeueAndHold(): Promise<SeenEnd> {
  const task = await ends.begin(endless);
  await ends.slurm('scontrol', 'requeuehold', jobOf(task));
  const { phase } = await ends.until(task.id, now => /^held/.test(now.reason?.code ?? ''));
  await ends.service.cancel(task.id);
  return seen(await ends.end(task.id), { while: phase });
}

async function waitForFailed(): Promise<SeenEnd> {
  const failed = await ends.end(await ends.submit('raise SystemExit(1)'));
  const sbatch = [`--dependency=afterok:${jobOf(failed.task)}`];
  const id = await ends.submit(endless, { resources: { sbatch } });
  const { reason } = await ends.until(id, isCode('dependency-never'));
  await ends.service.cancel(id);
  return seen(await ends.end(id), { waitedFor: reason?.message });
}

const canceled = { phase: 'canceled', code: 'canceled' };
const outside = { phase: 'canceled', code: 'canceled-outside' };
const kinds: EndKind[] = [
  {
    point: 'canceled here while it runs',
    few: 1,
    all: 12,
    make: cancelRunning,
    expected: { ...canceled, printed: BEGUN }
  },
  {
    point: 'canceled here before it began',
    few: 0,
    all: 12,
    make: cancelWaiting,
    expected: { ...canceled, printed: '' }
  },
  {
    point: '`scancel` by the person while it runs',
    few: 1,
    all: 12,
    make: scancelRunning,
    expected: { ...outside, printed: BEGUN }
  },
  {
    point: '`scancel` by the person before it began',
    few: 0,
    all: 8,
    atOnce: 8,
    make: scancelWaiting,
    expected: { ...outside, printed: '' }
  },
  {
    point: 'a time limit of one minute, what was there by then saved',
    few: 0,
    all: 16,
    atOnce: 8,
    make: reachLimit,
    expected: {
      phase: 'timed-out',
      code: 'time-limit',
      printed: BEGUN,
      isPartial: true,
      home: ['history'],
      files: 1
    }
  },
  {
    point: 'a time limit that the cell does not heed',
    few: 0,
    all: 12,
    atOnce: 12,
    make: ignoreLimit,
    expected: { phase: 'timed-out', code: 'time-limit', printed: BEGUN }
  },
  {
    point: 'held, then released',
    few: 1,
    all: 12,
    atOnce: 12,
    make: holdAndRelease,
    expected: { phase: 'completed', code: null, printed: BEGUN, token: 'JobHeldUser' }
  },
  {
    point: 'requeued by someone and held, then canceled',
    few: 0,
    all: 8,
    atOnce: 8,
    make: requeueAndHold,
    expected: { ...canceled, printed: BEGUN, while: 'queued' }
  },
  {
    point: 'waits for a job that failed',
    few: 0,
    all: 8,
    atOnce: 8,
    make: waitForFailed,
    expected: {
      ...canceled,
      printed: '',
      waitedFor: 'The job it waits for failed; it will never start.'
    }
  }
];

describe('ends that the scheduler makes, on a real Slurm', () => {
  it.each(dueKinds(kinds))('%s', async (_point, kind) => {
    await checkEnds(kind);
  });
});
