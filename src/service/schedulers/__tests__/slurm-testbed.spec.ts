import { join } from 'node:path';
import {
  endPart,
  down,
  failNode,
  readEnvironment,
  slurm,
  startPart,
  up,
  waitUntilUsable
} from '../../../../testbed/control';
import { makeScratch } from '../../../../testbed/__tests__/scratch';
import { JobYard } from '../../../testing/job-yard';
import { schedulerContract } from '../../../testing/scheduler-contract';
import { waitUntil } from '../../../testing/wait-until';
import type { Answer, JobRef, JobSpec } from '../scheduler';
import { createSlurmScheduler } from '../slurm-scheduler';

jest.setTimeout(120_000);

// slurmctld looks for jobs beyond their limits every 30 s.
const TIME_LIMIT_CHECK_MS = 60_000;

const WAIT = 'while :; do sleep 0.1; done';
const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const report = (): void => undefined;
const scheduler = createSlurmScheduler();
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 2, report });
  environment = {
    ...process.env,
    ...(await readEnvironment(bed)),
    // What a person may have around: none of it may reach our commands.
    SBATCH_PARTITION: 'none',
    SLURM_CLUSTERS: 'none',
    SQUEUE_FORMAT: '%i',
    SQUEUE_STATES: 'FAILED',
    SCANCEL_STATE: 'SUSPENDED',
    SLURM_NOTE: 'first\nSLURM_CONF=/none\nPATH=/none'
  };
});

afterAll(async () => {
  await down(bed, { report, remove: true });
  scratch.remove();
});

const withOption = (job: JobSpec, ...sbatch: string[]): JobSpec => ({
  ...job,
  resources: { ...job.resources, sbatch: [...(job.resources.sbatch ?? []), ...sbatch] }
});

schedulerContract('slurm', () => ({
  scheduler,
  shell: { environment },
  hold: async (_, job) => withOption(job, '--hold')
}));

describe('the slurm scheduler on a real cluster', () => {
  let yard: JobYard;
  const numberOf = ({ jobId }: JobRef): string => jobId;
  const scontrol = (...args: string[]): Promise<string> => slurm(bed, 'scontrol', args);

  beforeEach(async () => {
    yard = await JobYard.open(scheduler, 'root', { environment });
  });
  afterEach(() => yard.close());

  const end = async (job: JobRef): Promise<void> => {
    await yard.cancel(job);
    await yard.untilIn(job, 'canceled');
  };

  it('gives a refusal in Slurm’s words, now and later, and starts nothing', async () => {
    const job = await yard.prepare('', { resources: { partition: 'nowhere' } });
    const said = {
      kind: 'refused',
      message:
        'sbatch: error: invalid partition specified: nowhere\n' +
        'sbatch: error: Batch job submission failed: Invalid partition name specified'
    };
    expect(scheduler.parseSubmit(await yard.run(scheduler.buildSubmit(job)))).toEqual(said);
    // Even what would be accepted is not submitted under a key that was refused.
    const mended = { ...job, resources: {} };
    expect(scheduler.parseSubmit(await yard.run(scheduler.buildSubmit(mended)))).toEqual(said);
    const answer = await yard.run(scheduler.buildSearch(job));
    expect(scheduler.parseSearch(answer)).toEqual({ kind: 'answered', reports: [] });
  });

  it('recovers the id of a job whose stub died before it stored it', async () => {
    const job = await yard.prepare();
    const first = await yard.submit(job);
    await yard.run(`rm '${job.directory}/job-id'`);
    expect((await yard.submit(job)).jobId).toBe(first.jobId);
    await yard.untilIn(first, 'completed');
    expect(await yard.read(job, 'count')).toBe('ran\n');
  });

  it('asks for what the person asked for', async () => {
    const resources = {
      partition: 'main',
      nodes: 2,
      cpus: 2,
      memory: '0.5G',
      gpus: 2,
      time: '0:10:00',
      sbatch: ['--comment=a \'b\' "c" $(touch canary)', '-H']
    };
    const job = await yard.submit(await yard.prepare('', { resources }));
    const shown = await scontrol('show', 'job', numberOf(job));
    for (const part of [
      'Partition=main',
      'NumNodes=2',
      'CPUs/Task=2',
      'MinMemoryNode=512M',
      'TimeLimit=00:10:00',
      'TresPerJob=gres:gpu:2',
      'Comment=a \'b\' "c" $(touch canary)',
      'JobState=PENDING'
    ]) {
      expect(shown).toContain(part);
    }
    expect(yard.isCanaryDead()).toBe(false);
    await end(job);
  });

  it('hands on the environment, without what Slurm would read as options', async () => {
    const job = await yard.submit(
      await yard.prepare('echo "${SLURM_NOTE-none} $SLURM_JOB_PARTITION $(umask)" >"$2/env"')
    );
    await yard.untilIn(job, 'completed');
    expect(await yard.read(job, 'env')).toMatch(/^none main 0022$/m);
  });

  it('keeps a log below a path that Slurm’s options cannot name', async () => {
    const slashed = await JobYard.open(scheduler, 'DOMAIN\\person', { environment });
    const job = await slashed.submit(await slashed.prepare());
    await slashed.untilIn(job, 'completed');
    expect(await slashed.read(job, 'job.log')).toBe('to stdout\nto stderr\n');
    await slashed.close();
  });

  it('tells why a job waits and when it is expected', async () => {
    const begin = new Date(Date.now() + 3_600_000);
    const local = new Date(begin.getTime() - begin.getTimezoneOffset() * 60_000);
    const option = `--begin=${local.toISOString().slice(0, 19)}`;
    const job = await yard.submit(withOption(await yard.prepare(), option));
    const held = await yard.submit(withOption(await yard.prepare(), '--hold'));
    expect(await yard.untilIn(job, 'pending')).toMatchObject({ node: null });
    await waitUntil('the wait has its reason', async () => {
      const [first] = await yard.ask(job);
      return first?.reasonToken === 'BeginTime' && first.estimatedStart !== null;
    });
    const [first] = await yard.ask(job);
    expect(first?.estimatedStart).toBe(`${begin.toISOString().slice(0, 19)}.000Z`);
    expect((await yard.ask(held))[0]?.reasonToken).toBe('JobHeldUser');
    await end(job);
    await end(held);
  });

  it('tells a time limit', async () => {
    const job = await yard.submit(await yard.prepare(WAIT, { resources: { time: '5' } }));
    await yard.untilBegun(job);
    await scontrol('update', `JobId=${numberOf(job)}`, 'EndTime=now+1seconds');
    expect(await yard.untilIn(job, 'timed-out', TIME_LIMIT_CHECK_MS)).toMatchObject({
      token: 'TIMEOUT',
      signal: 15
    });
  });

  it('counts a requeue', async () => {
    const job = await yard.submit(
      withOption(await yard.prepare(`[ -n "$SLURM_RESTART_COUNT" ] || ${WAIT}`), '--requeue')
    );
    await yard.untilBegun(job);
    await scontrol('requeue', numberOf(job));
    const waiting = await yard.untilIn(job, 'pending');
    expect(waiting).toMatchObject({ restarts: 1, exitCode: null, signal: null });
    await end(job);
  });

  it('tells a failed node', async () => {
    const job = await yard.submit(
      withOption(await yard.prepare(WAIT), '--no-requeue', '--nodelist=node2')
    );
    await yard.untilBegun(job);
    await failNode(bed, 'node2');
    expect(await yard.untilIn(job, 'node-failed')).toMatchObject({ token: 'NODE_FAIL' });
    await waitUntilUsable(bed);
  });

  it('asks whether jobs would be accepted, and when each would start', async () => {
    const job = await yard.prepare();
    // Nothing of it needs to be on the host yet.
    const elsewhere = { ...job, directory: '/nowhere/runs/x' };
    const nowhere = { ...job, resources: { partition: 'nowhere' } };
    const jobs = [elsewhere, nowhere];
    const outcomes = scheduler.parseTest(await yard.run(scheduler.buildTest(jobs) ?? ''), jobs);
    expect(outcomes).toEqual([
      {
        accepted: true,
        estimatedStart: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        message: null
      },
      {
        accepted: false,
        estimatedStart: null,
        message: expect.stringContaining('Invalid partition name specified') as string
      }
    ]);
    const answer = await yard.run(scheduler.buildSearch(job));
    expect(scheduler.parseSearch(answer)).toEqual({ kind: 'answered', reports: [] });
  });

  it('tells that a shorter job would start sooner', async () => {
    await scontrol(
      'create',
      'reservation',
      'ReservationName=upkeep',
      'StartTime=now+2hours',
      'Duration=24:00:00',
      'Users=root',
      'Nodes=ALL',
      'Flags=MAINT,IGNORE_JOBS'
    );
    const job = await yard.prepare();
    const jobs = ['4:00:00', '1:00:00'].map(time => ({ ...job, resources: { time } }));
    const outcomes = scheduler.parseTest(await yard.run(scheduler.buildTest(jobs) ?? ''), jobs);
    await scontrol('delete', 'ReservationName=upkeep');
    const [long = 0, short = 0] = outcomes.map(each => Date.parse(each.estimatedStart ?? ''));
    expect(long - short).toBeGreaterThan(24 * 3_600_000);
  });

  it('starts nothing while the controller is away, and starts it once it is back', async () => {
    const before = await yard.submit(await yard.prepare(WAIT));
    await yard.untilBegun(before);
    const job = await yard.prepare();
    await endPart(bed, 'slurmctld');
    const [submit, query]: Answer[] = await Promise.all([
      yard.run(scheduler.buildSubmit(job)),
      yard.run(scheduler.buildQuery([before]))
    ]);
    const away = expect.stringContaining('Unable to contact slurm controller') as string;
    expect(scheduler.parseSubmit(submit!)).toEqual({ kind: 'unavailable', message: away });
    expect(scheduler.parseQuery(query!, [before])).toEqual({ kind: 'unanswered', message: away });
    await startPart(bed, 'slurmctld');
    await waitUntilUsable(bed);
    await yard.untilIn(await yard.submit(job), 'completed');
    expect(await yard.read(job, 'count')).toBe('ran\n');
    await end(before);
  });
});
