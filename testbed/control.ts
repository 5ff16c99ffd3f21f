import { findMembers, isSshSession } from './members.ts';
import { findPart, LINK, partsOf, slurmdNameOf, type Part } from './parts.ts';
import {
  endProcesses,
  killProcesses,
  readProcess,
  signalProcess,
  type ProcessInfo
} from './processes.ts';
import { mountSmallRoot, unmountSmallRoot } from './root-disk.ts';
import { environmentOf } from './sluice-config.ts';
import { runSlurm } from './slurm-commands.ts';
import { startPart as startDaemon } from './start-part.ts';
import { readStatus as readStatusOf, type PartStatus } from './status.ts';
import { openTestbed, type Testbed } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';
import { reportToStderr } from './report.ts';
import { waitForNodes } from './wait-for-nodes.ts';
import { waitUntil } from './wait-until.ts';

export { down, type DownOptions } from './down.ts';
export { limitJob, startJobNow } from './job-faults.ts';
export { up, type UpOptions, type UpResult } from './up.ts';
export { TestbedError } from './testbed-error.ts';
export type { PartStatus } from './status.ts';

/*
 * What test suites do with a testbed and to it. A part is named as in `status`: munged, database,
 * slurmdbd, slurmctld, sshd, slurmd.node1 and so on.
 */

const END_GRACE_MS = 15_000;

/** The variables that make Sluice and Slurm's commands use the testbed. */
export async function readEnvironment(dir: string): Promise<Record<string, string>> {
  return environmentOf((await openTestbed(dir)).layout);
}

/** How each daemon is. */
export async function readStatus(dir: string): Promise<PartStatus[]> {
  return readStatusOf(await openTestbed(dir));
}

/** Runs one of Slurm's commands against the testbed; returns what it printed, throws if it fails. */
export async function slurm(
  dir: string,
  command: string,
  args: readonly string[]
): Promise<string> {
  return runSlurm((await openTestbed(dir)).layout, command, args);
}

/** Takes a node out of service; jobs on it go on. */
export async function drainNode(dir: string, node: string, reason = 'testbed'): Promise<void> {
  await updateNode(dir, node, ['State=DRAIN', `Reason=${reason}`]);
}

/** Fails a node at once, with the jobs on it: NODE_FAIL, or back into the queue. */
export async function failNode(dir: string, node: string, reason = 'testbed'): Promise<void> {
  await updateNode(dir, node, ['State=DOWN', `Reason=${reason}`]);
}

/** Takes a drained or failed node back into service. */
export async function resumeNode(dir: string, node: string): Promise<void> {
  await updateNode(dir, node, ['State=RESUME']);
}

/** Returns when jobs can start on every node; resumes nodes that are out of service. */
export async function waitUntilUsable(dir: string): Promise<void> {
  await waitForNodes(await openTestbed(dir), reportToStderr);
}

/** Stops a daemon by SIGSTOP: its port accepts connections and nobody answers. */
export async function pausePart(dir: string, name: string): Promise<void> {
  await signalAndSee(await requireRunning(dir, name), 'SIGSTOP', state => state === 'T');
}

/** Lets a paused daemon go on. */
export async function continuePart(dir: string, name: string): Promise<void> {
  await signalAndSee(await requireRunning(dir, name), 'SIGCONT', state => state !== 'T');
}

/** Ends a daemon in order (slurmctld saves its state); returns when it is gone. */
export async function endPart(dir: string, name: string): Promise<void> {
  await endProcesses([await requireRunning(dir, name)], END_GRACE_MS);
}

/** Kills a daemon, as a crash would; returns when it is gone. */
export async function killPart(dir: string, name: string): Promise<void> {
  await killProcesses([await requireRunning(dir, name)]);
}

/** Starts a daemon that is not running; returns when it is in the background. */
export async function startPart(dir: string, name: string): Promise<void> {
  const { testbed, part } = await findPartNamed(dir, name);
  if ((await findPart(part)) === undefined) {
    await startDaemon(testbed.layout, part);
  }
}

/** Kills a node's daemon; the processes of its jobs live on. */
export async function killNode(dir: string, node: string): Promise<void> {
  await killPart(dir, slurmdNameOf(node));
}

/** Starts a node's daemon again. */
export async function startNode(dir: string, node: string): Promise<void> {
  await startPart(dir, slurmdNameOf(node));
}

/** Kills sshd with every open connection: from outside the host looks switched off. */
export async function killSshd(dir: string): Promise<void> {
  await killPart(dir, 'sshd');
  await dropConnections(dir);
}

/** Starts sshd again, on the same port and with the same keys. */
export async function startSshd(dir: string): Promise<void> {
  await startPart(dir, 'sshd');
}

/**
 * Kills the server's end of every open ssh connection and returns how many processes that were.
 * sshd goes on, and so do the commands of the connections, as after the loss of a network.
 */
export async function dropConnections(dir: string): Promise<number> {
  const members = await findMembers(await openTestbed(dir));
  const listener = await findPart((await findPartNamed(dir, 'sshd')).part);
  const sessions = members.filter(each => isSshSession(each) && each.pid !== listener?.pid);
  await killProcesses(sessions);
  return sessions.length;
}

/** Holds back all that is sent over the slow link, as on a link that died silently. */
export async function stallLink(dir: string): Promise<void> {
  await signalProcess(await requireRunning(dir, LINK), 'SIGUSR1');
}

/** Lets the slow link carry again what is sent from now on. */
export async function freeLink(dir: string): Promise<void> {
  await signalProcess(await requireRunning(dir, LINK), 'SIGUSR2');
}

/** Cuts every connection over the slow link. */
export async function cutLink(dir: string): Promise<void> {
  await signalProcess(await requireRunning(dir, LINK), 'SIGHUP');
}

/** Puts a small, empty disk in the place of Sluice's root there; for root alone. */
export async function shrinkRoot(dir: string, bytes: number): Promise<void> {
  await mountSmallRoot((await openTestbed(dir)).layout, bytes);
}

/** Gives the root its former disk back. */
export async function restoreRoot(dir: string): Promise<void> {
  await unmountSmallRoot((await openTestbed(dir)).layout);
}

async function updateNode(dir: string, node: string, words: readonly string[]): Promise<void> {
  await slurm(dir, 'scontrol', ['update', `NodeName=${node}`, ...words]);
}

async function findPartNamed(dir: string, name: string): Promise<{ testbed: Testbed; part: Part }> {
  const testbed = await openTestbed(dir);
  const parts = partsOf(testbed);
  const part = parts.find(each => each.name === name);
  if (part === undefined) {
    const known = parts.map(each => each.name).join(', ');
    throw new TestbedError(`The testbed has no part "${name}". It has: ${known}.`, 2);
  }
  return { testbed, part };
}

async function requireRunning(dir: string, name: string): Promise<ProcessInfo> {
  const { part } = await findPartNamed(dir, name);
  const found = await findPart(part);
  if (found === undefined) {
    throw new TestbedError(`${name} is not running.`);
  }
  return found;
}

async function signalAndSee(
  target: ProcessInfo,
  signal: NodeJS.Signals,
  isDone: (state: string) => boolean
): Promise<void> {
  await signalProcess(target, signal);
  const seen = async (): Promise<boolean> => isDone((await readProcess(target.pid))?.state ?? '');
  if (!(await waitUntil(seen, 5_000))) {
    throw new TestbedError(`Process ${String(target.pid)} did not take ${signal}.`);
  }
}
