import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { down, up } from '../../../../testbed/control';
import { shQuote } from '../../../shared/sh-quote';
import type { Choice, Task } from '../../../shared/wire/task';
import { inFull, recordTrials } from '../../../testing/record-trials';
import type { ServiceStand } from '../../../testing/service-stand';
import { type AnswerThief, namesInQueue, openSlurmStand } from '../../../testing/slurm-fault-stand';
import { waitUntil } from '../../../testing/wait-until';

jest.setTimeout(7_200_000);

const POINTS = ['arrived', 'files', 'locked', 'noted', 'unfenced', 'ended', 'aside', 'stored'];
const ACTS = ['cut', 'freeze', 'kill -9 of the stub'] as const;
const CASES = POINTS.flatMap(point => ACTS.map(act => [point, act] as const));
/** In `npm test`: a cut, a freeze and a kill on either side of sbatch. */
const FEW = CASES.filter(([point]) => ['locked', 'ended'].includes(point));
const EACH = inFull ? 13 : 1;

const folder = mkdtempSync(join(tmpdir(), 'sl-submit-'));
const bed = join(folder, 'bed');
let stand: ServiceStand;
let thief: AnswerThief;
let trials = 0;

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 2, report: () => undefined });
  ({ stand, thief } = await openSlurmStand(bed));
}, 120_000);

afterAll(async () => {
  await stand.close();
  await Promise.all(thief.strays);
  await down(bed, { report: () => undefined, remove: true });
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

const taskOf = async (id: string): Promise<Task> =>
  (await stand.app.inject({ url: `/api/status/${id}` })).json<Task>();

const untilPhase = async (id: string, ...phases: Task['phase'][]): Promise<Task> => {
  await waitUntil(
    `task ${id} is ${phases.join(' or ')}`,
    async () => phases.includes((await taskOf(id)).phase),
    60_000
  );
  return taskOf(id);
};

const decide = async (id: string, choice: Choice): Promise<Task> => {
  const url = `/api/resolve/${id}`;
  return (await stand.app.inject({ method: 'POST', url, payload: { choice } })).json<Task>();
};

type Counts = { executed: number; unknown: number; duplicates: number; orphans: number };

async function trial(point: string, act: (typeof ACTS)[number]): Promise<Counts> {
  trials += 1;
  const marker = join(folder, `ran-${trials}`);
  const thaw = join(folder, `thaw-${trials}`);
  const line = {
    cut: ':',
    freeze: `while [ ! -f ${shQuote(thaw)} ]; do sleep 0.05; done`,
    // The shell that reads this, not the one around it.
    'kill -9 of the stub': `kill -9 "$(exec sh -c 'echo $PPID')"`
  }[act];
  thief.strike(point, line, act !== 'kill -9 of the stub');
  const request = stand.cell(`open(${JSON.stringify(marker)}, "a").write("x")`);
  // However often it is asked at once, it is one task.
  const given = await Promise.all([1, 2, 3].map(() => stand.submit(request)));
  const { id } = given[0] as Task;
  expect(new Set(given.map(task => task.id)).size).toBe(1);
  const task = await untilPhase(id, 'unknown', 'completed');
  const isUnknown = task.phase === 'unknown';
  if (isUnknown) {
    expect(task).toMatchObject({ reason: { code: 'submission-unknown' } });
    expect(task.choices).toEqual(['look', 'give-up', 'run-again']);
  }
  // What stands still goes on before or after the person's word.
  const isLate = trials % 2 === 0;
  if (!isLate) {
    writeFileSync(thaw, '');
  }
  const next = isUnknown ? await decide(id, 'run-again') : task;
  writeFileSync(thaw, '');
  await untilPhase(next.id, 'completed');
  await untilPhase(id, 'completed', 'canceled');
  await Promise.all(thief.strays);
  const executed = existsSync(marker) ? readFileSync(marker, 'utf8').length : 0;
  const names = await namesInQueue(bed);
  return {
    executed,
    unknown: isUnknown ? 1 : 0,
    duplicates: Math.max(0, executed - 1),
    orphans: names.filter(name => name === id).length
  };
}

describe('a submit to a real Slurm that meets a fault', () => {
  it.each(inFull ? CASES : FEW)('at the point “%s”: %s', async (point, act) => {
    const sums: Counts = { executed: 0, unknown: 0, duplicates: 0, orphans: 0 };
    for (let i = 0; i < EACH; i += 1) {
      const counts = await trial(point, act);
      for (const key of Object.keys(sums) as (keyof Counts)[]) {
        sums[key] += counts[key];
      }
    }
    const counts = { ...sums, lost: EACH - (sums.executed - sums.duplicates) };
    recordTrials({ suite: 'submit, real Slurm', point: `${point}, ${act}`, trials: EACH, counts });
    expect(counts).toMatchObject({ executed: EACH, duplicates: 0, orphans: 0, lost: 0 });
  });
});
