import { findMembers } from './members.ts';
import { runSlurm } from './slurm-commands.ts';
import { openTestbed, type Testbed } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';
import { waitUntil } from './wait-until.ts';

const STEP_END_TIMEOUT_MS = 30_000;

/** Brings a running job's time limit so near that Slurm ends it within seconds, as at any limit. */
export async function limitJob(dir: string, jobId: string, seconds: number): Promise<void> {
  await updateJob(await openTestbed(dir), jobId, `EndTime=now+${seconds}seconds`);
}

/** Lets a requeued job start at once, which Slurm otherwise keeps back for two minutes. */
export async function startJobNow(dir: string, jobId: string): Promise<void> {
  const testbed = await openTestbed(dir);
  // A node that still has something of the former run refuses the job, and Slurm then holds it.
  if (!(await waitUntil(() => hasNoStep(testbed, jobId), STEP_END_TIMEOUT_MS, 50))) {
    throw new TestbedError(`The former run of job ${jobId} does not come to its end.`);
  }
  await updateJob(testbed, jobId, 'StartTime=now');
}

async function hasNoStep(testbed: Testbed, jobId: string): Promise<boolean> {
  const members = await findMembers(testbed);
  return !members.some(
    ({ words }) => words[0] === 'slurmstepd:' && words[1]?.startsWith(`[${jobId}.`) === true
  );
}

async function updateJob({ layout }: Testbed, jobId: string, word: string): Promise<void> {
  await runSlurm(layout, 'scontrol', ['update', `JobId=${jobId}`, word]);
}
