import { join } from 'node:path';
import { down, readEnvironment, slurm, startJobNow, up } from '../../../../testbed/control';
import { makeScratch } from '../../../../testbed/__tests__/scratch';
import { JobYard } from '../../../testing/job-yard';
import { waitUntil } from '../../../testing/wait-until';
import type { JobRef, JobReport } from '../scheduler';
import { createSlurmScheduler } from '../slurm-scheduler';

jest.setTimeout(180_000);

const WAIT = 'while :; do sleep 0.1; done';
const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const report = (): void => undefined;
let yard: JobYard;

beforeAll(async () => {
  // The controller forgets at once, so that the books alone can tell.
  const knobs = { accounting: 'on', minJobAge: '2' };
  await up({ dir: bed, nodeCount: 1, knobs, report });
  const environment = { ...process.env, ...(await readEnvironment(bed)) };
  yard = await JobYard.open(createSlurmScheduler(), 'root', { environment });
});

afterAll(async () => {
  await yard.close();
  await down(bed, { report, remove: true });
  scratch.remove();
});

/** What is said of a job once this holds: the books learn of an end some time after it. */
async function untilTold(job: JobRef, isSo: (report: JobReport) => boolean): Promise<JobReport> {
  let found: JobReport | undefined;
  await waitUntil(
    `the books tell of ${job.key}`,
    async () => {
      [found] = await yard.ask(job);
      return found !== undefined && isSo(found);
    },
    60_000
  );
  return found as JobReport;
}

const isForgotten = async ({ jobId }: JobRef): Promise<boolean> => {
  const rows = await slurm(bed, 'squeue', ['--noheader', '--states=all', '--format=%i']);
  return !rows.split('\n').includes(jobId);
};

describe('the books of a real Slurm', () => {
  it('tell who canceled, what it took, and of the starts before, once the controller forgot', async () => {
    const job = await yard.submit(
      await yard.prepare(WAIT, { resources: { sbatch: ['--requeue'] } })
    );
    await yard.untilBegun(job);
    await slurm(bed, 'scontrol', ['requeue', job.jobId]);
    await yard.untilIn(job, 'pending');
    await startJobNow(bed, job.jobId);
    await waitUntil('it has begun twice', async () =>
      ((await yard.read(job, 'count')) ?? '').startsWith('ran\nran')
    );
    await yard.cancel(job);
    await waitUntil('it is forgotten', () => isForgotten(job), 60_000);
    const told = await untilTold(job, ({ state }) => state === 'canceled');
    expect(told).toMatchObject({
      restarts: 1,
      // The tests are of one user, who canceled.
      canceledBy: { kind: 'you' },
      usage: { cpus: 1 }
    });
    expect(told.usage?.elapsedSeconds).toEqual(expect.any(Number));
    expect(told.usage?.memoryBytes).toBeGreaterThan(0);
    expect(told.former).toHaveLength(1);
    expect(told.former?.[0]).toMatchObject({ key: job.key, restarts: 0, node: 'node1' });
  });

  it('tell the memory of the steps', async () => {
    // Slurm measures every two seconds.
    const job = await yard.submit(await yard.prepare(WAIT));
    await yard.untilBegun(job);
    await waitUntil(
      'its memory is measured',
      async () =>
        /[1-9]/.test(await slurm(bed, 'sstat', ['-nPa', '-o', 'MaxRSS', '-j', job.jobId])),
      60_000
    );
    await yard.cancel(job);
    const told = await untilTold(job, ({ usage }) => (usage?.peakBytes ?? 0) > 0);
    expect(told.usage?.peakBytes).toBeGreaterThan(100_000);
    expect(told.usage?.peakBytes).toBeLessThan(1_000_000_000);
  });
});
