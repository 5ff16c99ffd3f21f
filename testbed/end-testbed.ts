import { removeCgroups } from './cgroups.ts';
import { findMembers, withDescendants } from './members.ts';
import { isPart, partsOf } from './parts.ts';
import { endProcesses, killProcesses, type ProcessInfo } from './processes.ts';
import type { Report } from './report.ts';
import { unmountSmallRoot } from './root-disk.ts';
import { doesControllerAnswer, runSlurm } from './slurm-commands.ts';
import { nodeNamesOf, type Testbed } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';

const GRACE_MS = 15_000;
const JOB_GRACE_MS = 2_000;

/** Cancels the jobs and ends every process of a testbed; returns when each is really gone. */
export async function endTestbed(testbed: Testbed, report: Report): Promise<void> {
  // Before jobs are cancelled: when the first process of a job has ended, those that it started
  // have lost the parent by which they are known.
  const before = await findMembers(testbed);
  await cancelJobs(testbed, report);
  await endSessionsAndJobs(testbed, before);
  await endParts(testbed);
  await killLeftovers(testbed);
  await unmountSmallRoot(testbed.layout);
  if (testbed.record.knobs.outOfMemory === 'cgroup') {
    await removeCgroups(nodeNamesOf(testbed.record));
  }
}

/** Without this, slurmctld would run them again at the next start, as after a node's failure. */
async function cancelJobs(testbed: Testbed, report: Report): Promise<void> {
  const { layout } = testbed;
  if (!(await doesControllerAnswer(testbed))) {
    report('slurmctld does not answer: jobs that it may hold stay for the next "up".');
    return;
  }
  const queue = await runSlurm(layout, 'squeue', ['-h', '-o', '%A']);
  const jobIds = [...new Set(queue.split('\n').filter(line => line !== ''))];
  if (jobIds.length > 0) {
    report(`Cancelling ${jobIds.length} job${jobIds.length === 1 ? '' : 's'}`);
    await runSlurm(layout, 'scancel', ['--quiet', ...jobIds]);
  }
}

/** Job steps end by themselves after their processes, and still tell slurmctld. */
async function endSessionsAndJobs(testbed: Testbed, before: readonly ProcessInfo[]): Promise<void> {
  const members = [...before, ...(await findMembers(testbed))];
  const controller = members.filter(each => isPartNamed(testbed, 'slurmctld', each));
  // slurmctld's own child belongs to it: without it slurmctld does not come to its end.
  const services = withDescendants(members, controller);
  const others = members.filter(each => !services.includes(each) && !isDaemon(testbed, each));
  await endProcesses(others, JOB_GRACE_MS);
}

async function endParts(testbed: Testbed): Promise<void> {
  const stages = [...new Set(partsOf(testbed).map(part => part.stage))].sort((a, b) => b - a);
  for (const stage of stages) {
    const parts = partsOf(testbed).filter(part => part.stage === stage);
    const members = await findMembers(testbed);
    const targets = members.filter(each => parts.some(part => isPart(part, each)));
    await endProcesses(targets, GRACE_MS);
  }
}

/** Twice, because a process may have started another one while it was looked for. */
async function killLeftovers(testbed: Testbed): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const left = await findMembers(testbed);
    if (left.length === 0) {
      return;
    }
    await killProcesses(left);
  }
  const left = (await findMembers(testbed)).map(each => each.pid);
  if (left.length > 0) {
    throw new TestbedError(`Processes of the testbed keep coming back: ${left.join(', ')}.`);
  }
}

function isPartNamed(testbed: Testbed, name: string, candidate: ProcessInfo): boolean {
  return partsOf(testbed).some(part => part.name === name && isPart(part, candidate));
}

function isDaemon(testbed: Testbed, candidate: ProcessInfo): boolean {
  return partsOf(testbed).some(part => isPart(part, candidate));
}
