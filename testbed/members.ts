import { isPart, partsOf, sshdLogOf } from './parts.ts';
import { hasOpen, listProcesses, readEnvironmentOfProcess, type ProcessInfo } from './processes.ts';
import { MEMBER_VARIABLE } from './start-part.ts';
import type { Testbed } from './testbed.ts';

/**
 * Every process of a testbed: its daemons, their sessions and job steps, and what these started,
 * also where the parents are gone. Never this process or one that it descends from.
 */
export async function findMembers(testbed: Testbed): Promise<ProcessInfo[]> {
  const all = await listProcesses();
  const parts = partsOf(testbed);
  const marks = await Promise.all(all.map(each => hasMark(testbed, each)));
  const roots = all.filter((each, index) => marks[index] || parts.some(part => isPart(part, each)));
  const family = withDescendants(all, roots);
  const own = ancestorsOf(all, process.pid);
  return family.filter(each => !own.has(each.pid));
}

/** The given processes and all that descend from them. */
export function withDescendants(
  all: readonly ProcessInfo[],
  roots: readonly ProcessInfo[]
): ProcessInfo[] {
  const ids = new Set(roots.map(each => each.pid));
  let before = -1;
  while (before !== ids.size) {
    before = ids.size;
    all.filter(each => ids.has(each.parentPid)).forEach(each => ids.add(each.pid));
  }
  return all.filter(each => ids.has(each.pid));
}

/** A process id and those of its ancestors. */
export function ancestorsOf(all: readonly ProcessInfo[], pid: number): Set<number> {
  const parents = new Map(all.map(each => [each.pid, each.parentPid]));
  const ids = new Set<number>();
  for (let id: number | undefined = pid; id && !ids.has(id); id = parents.get(id)) {
    ids.add(id);
  }
  return ids;
}

async function hasMark(testbed: Testbed, candidate: ProcessInfo): Promise<boolean> {
  const { layout } = testbed;
  const variables = await readEnvironmentOfProcess(candidate.pid);
  if (variables.has(`${MEMBER_VARIABLE}=${layout.dir}`)) {
    return true;
  }
  if (variables.has(`SLURM_CONF=${layout.slurmConf}`)) {
    return isOfJob(candidate, variables);
  }
  return isSshSession(candidate) && (await hasOpen(candidate.pid, sshdLogOf(layout)));
}

/** The shell of a person who works with this testbed has SLURM_CONF too, and is none of ours. */
function isOfJob(candidate: ProcessInfo, variables: ReadonlySet<string>): boolean {
  const isStepDaemon = candidate.words[0] === 'slurmstepd:';
  return isStepDaemon || [...variables].some(each => each.startsWith('SLURMD_NODENAME='));
}

/** sshd writes its title over its environment, so a session is known by the log it writes to. */
export function isSshSession(candidate: ProcessInfo): boolean {
  return /^sshd(-session|-auth)?:$/.test(candidate.words[0] ?? '');
}
