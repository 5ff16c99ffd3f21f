import { seededRandom } from '../../../testing/hostile-words';
import type { FaultAct } from '../../../testing/faulty-host';
import { recordTrials, trialCount } from '../../../testing/record-trials';
import { SubmitTrial } from '../../../testing/submit-trial';
import type { Choice } from '../../../shared/wire/task';

jest.setTimeout(3_600_000);

const SEED = Number(process.env['SLUICE_TEST_SEED'] ?? 20_261_122);
const AT_ONCE = 4;

type Case = {
  name: string;
  point: string;
  acts: readonly FaultAct[];
  says?: string;
  words?: string;
};

const WAY: readonly FaultAct[] = [
  'cut',
  'freeze',
  'kill -9 of the stub',
  'kill -9 of the service',
  'kill -9 of both'
];
const LOST: readonly FaultAct[] = ['cut', 'kill -9 of the service'];
const TIMED_OUT = 'Socket timed out on send/recv operation';
const ZERO = 'Zero Bytes were transmitted or received';

const CASES: readonly Case[] = [
  { name: 'before anything was sent', point: 'unsent', acts: LOST },
  { name: 'the hand-over arrived', point: 'arrived', acts: WAY },
  { name: 'its files are written', point: 'files', acts: WAY },
  { name: 'after mkdir, nothing noted', point: 'locked', acts: WAY },
  { name: 'before the fence is looked for', point: 'noted', acts: WAY },
  { name: 'before sbatch', point: 'unfenced', acts: WAY },
  { name: 'sbatch runs, nothing accepted', point: 'sbatch', acts: WAY },
  { name: 'accepted, not printed', point: 'accepted', acts: WAY },
  { name: 'printed, sbatch not ended', point: 'printed', acts: WAY },
  { name: 'sbatch ended, id not stored', point: 'ended', acts: WAY },
  { name: 'id written aside, not renamed', point: 'aside', acts: WAY },
  { name: 'id stored, not answered', point: 'stored', acts: WAY },
  { name: 'answered, answer lost', point: 'answered', acts: LOST },
  ...(
    [
      ['controller timed out, job accepted', 'taken-', TIMED_OUT],
      ['controller timed out, job not accepted', 'not-taken-', TIMED_OUT],
      ['zero bytes, job accepted', 'taken-', ZERO],
      ['zero bytes, job not accepted', 'not-taken-', ZERO]
    ] as const
  ).map(([name, says, words]) => ({ name, point: 'none', acts: LOST, says, words })),
  { name: 'no controller at first', point: 'none', acts: LOST, says: 'unreached' },
  { name: 'refused', point: 'stored', acts: LOST, says: 'refused' },
  { name: 'sbatch killed after it was accepted', point: 'none', acts: LOST, says: 'killed' },
  { name: 'accepted, and no room for its answer', point: 'none', acts: LOST, says: 'silent' },
  { name: 'half of the id written', point: 'none', acts: LOST, says: 'half' }
];

const DECISIONS = ['none', 'look', 'give-up', 'run-again', 'cancel', 'cancel at once'] as const;

type Counts = {
  executed: number;
  unknown: number;
  duplicates: number;
  orphans: number;
  lost: number;
};

type Draw = {
  decision: (typeof DECISIONS)[number];
  thaws: 'soon' | 'before the queue runs' | 'late';
  runsEarly: boolean;
  forgets: boolean;
  restarts: boolean;
};

function draw(random: () => number): Draw {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return {
    decision: pick(DECISIONS),
    thaws: pick(['soon', 'before the queue runs', 'late']),
    runsEarly: random() < 0.4,
    forgets: random() < 0.5,
    restarts: random() < 0.3
  };
}

const isSettled = (trial: SubmitTrial): boolean =>
  trial.all.every(
    ({ phase, nextCheckAt }) =>
      ['queued', 'failed', 'canceled'].includes(phase) ||
      (phase === 'unknown' && nextCheckAt !== null)
  );

async function decide(trial: SubmitTrial, decision: Draw['decision']): Promise<void> {
  const [task] = trial.all;
  if (task === undefined || decision === 'none' || decision === 'cancel at once') {
    return;
  }
  if (decision === 'cancel') {
    trial.tasks.cancel(task.id, false);
    return;
  }
  if (task.phase !== 'unknown') {
    await expect(trial.tasks.resolve(task.id, decision, false)).rejects.toMatchObject({
      code: 'resolve-unneeded'
    });
    return;
  }
  expect(task.choices).toEqual<Choice[]>(['look', 'give-up', 'run-again']);
  expect(task.reason).toMatchObject({ code: 'submission-unknown' });
  let isDone = false;
  const done = (): void => void (isDone = true);
  const resolved = trial.tasks.resolve(task.id, decision, false).finally(done);
  await trial.until(() => isDone);
  await resolved;
}

/** Count what must not be; each is a fault of ours. */
function judge(trial: SubmitTrial): Counts {
  const tasks = new Map(trial.all.map(task => [task.id, task]));
  const { jobs, ran } = trial.slurm;
  const isOrphan = (number: string, key: string): boolean => {
    const task = tasks.get(key);
    return task === undefined || (task.jobId !== number && task.phase !== 'unknown');
  };
  const waiting = jobs.filter(({ state }) => state === 'PENDING');
  const lost = [...tasks.values()].filter(({ id, phase, cancelRequested }) => {
    const hasRun = ran.some(({ key }) => key === id);
    const isStuck = !['queued', 'failed', 'canceled', 'unknown'].includes(phase);
    return isStuck || (phase === 'failed' && hasRun) || (phase === 'canceled' && !cancelRequested);
  });
  return {
    executed: ran.length,
    unknown: trial.all.filter(({ phase }) => phase === 'unknown').length,
    duplicates: Math.max(0, ran.length - 1),
    orphans: [...waiting, ...ran].filter(({ number, key }) => isOrphan(number, key)).length,
    lost: lost.length
  };
}

async function run(given: Case, act: FaultAct, random: () => number): Promise<[Draw, Counts]> {
  const drawn = draw(random);
  const { says = '', words = '', point } = given;
  const fault = point === 'none' ? null : { point, act };
  const trial = new SubmitTrial({ fault, says, words, forgets: drawn.forgets });
  try {
    const first = trial.submit();
    expect(trial.submit().id).toBe(first.id);
    if (drawn.decision === 'cancel at once') {
      await trial.until(() => trial.all[0]?.phase !== 'preparing');
      trial.tasks.cancel(first.id, false);
    }
    await trial.until(() => isSettled(trial));
    if (drawn.runsEarly) {
      await trial.runQueue();
    }
    if (drawn.thaws === 'soon') {
      trial.host.thaw();
      await trial.pass(60);
    }
    const before = trial.slurm.ran.length;
    await decide(trial, drawn.decision);
    if (drawn.restarts) {
      trial.restart();
      expect(trial.submit().id).toBe(first.id);
    }
    await trial.until(() => isSettled(trial), 20);
    if (drawn.thaws === 'before the queue runs') {
      trial.host.thaw();
      await trial.pass(60);
    }
    await trial.runQueue();
    await trial.pass(60);
    trial.host.thaw();
    await trial.host.settled();
    // Long enough for everything that Sluice waits for by itself.
    await trial.pass(1500);
    const { orphans } = judge(trial);
    await trial.runQueue();
    await trial.pass(1);
    const counts = judge(trial);
    counts.orphans = Math.max(counts.orphans, orphans);
    const [task] = trial.all;
    if (task?.phase === 'canceled' && task.cancelRequested) {
      const after = trial.slurm.ran.filter(({ key }) => key === task.id).length;
      // What had not begun when it was given up never runs.
      counts.lost += task.jobId === null && after > before ? 1 : 0;
    }
    return [drawn, counts];
  } finally {
    await trial.close();
  }
}

describe('a submit that meets a fault', () => {
  const perCase = trialCount(3, Math.ceil(10_000 / CASES.length));

  it.each(CASES.map(given => [given.name, given] as const))('%s', async (name, given) => {
    const sums: Counts = { executed: 0, unknown: 0, duplicates: 0, orphans: 0, lost: 0 };
    const bad: string[] = [];
    const one = async (index: number): Promise<void> => {
      const seed = SEED + index * 1000 + CASES.indexOf(given);
      const act = given.acts[index % given.acts.length] as FaultAct;
      const [drawn, counts] = await run(given, act, seededRandom(seed));
      for (const key of Object.keys(sums) as (keyof Counts)[]) {
        sums[key] += counts[key];
      }
      if (counts.duplicates + counts.orphans + counts.lost > 0) {
        bad.push(`${seed}: ${act} ${JSON.stringify({ ...drawn, ...counts })}`);
      }
    };
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < perCase) {
        const index = next;
        next += 1;
        await one(index);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    recordTrials({ suite: 'submit', point: name, trials: perCase, counts: sums });
    expect(bad).toEqual([]);
  });
});
