import { readdir, readFile, readlink } from 'node:fs/promises';

import { TestbedError } from './testbed-error.ts';
import { waitUntil } from './wait-until.ts';

/** One process, as /proc describes it. `startTicks` tells it from a later one of the same id. */
export type ProcessInfo = {
  pid: number;
  parentPid: number;
  state: string;
  startTicks: string;
  /** The command line at its blanks; programs that rename themselves leave one string. */
  words: string[];
};

/** The process of this id, or undefined when there is none (also when it is a zombie). */
export async function readProcess(pid: number): Promise<ProcessInfo | undefined> {
  const [stat, commandLine] = await Promise.all([
    readOfProcess(`/proc/${pid}/stat`),
    readOfProcess(`/proc/${pid}/cmdline`)
  ]);
  if (stat === undefined || commandLine === undefined) {
    return undefined;
  }
  const info = parseStat(pid, stat, commandLine);
  // A zombie has ended; where process 1 does not reap, it would stay for ever.
  return info.state === 'Z' || info.state === 'X' ? undefined : info;
}

/** Every process that this user may see. */
export async function listProcesses(): Promise<ProcessInfo[]> {
  const names = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const found = await Promise.all(names.map(name => readProcess(Number(name))));
  return found.filter(info => info !== undefined);
}

/** The environment that a process was started with; empty where it cannot be read. */
export async function readEnvironmentOfProcess(pid: number): Promise<Set<string>> {
  const text = await readOfProcess(`/proc/${pid}/environ`);
  return new Set(text?.split('\0'));
}

/** Whether a process has a file open. */
export async function hasOpen(pid: number, file: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const numbers = await ignoreForeign(readdir(folder));
  const links = (numbers ?? []).map(number => ignoreForeign(readlink(`${folder}/${number}`)));
  return (await Promise.all(links)).includes(file);
}

/** Sends a signal; false when the process has ended already. */
export async function signalProcess(target: ProcessInfo, signal: NodeJS.Signals): Promise<boolean> {
  if (await isGone(target)) {
    return false;
  }
  try {
    process.kill(target.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      return false;
    }
    throw error;
  }
}

/** Asks processes to end, insists after `graceMs`, and returns when each of them is gone. */
export async function endProcesses(
  targets: readonly ProcessInfo[],
  graceMs: number
): Promise<void> {
  await signalAll(targets, 'SIGTERM');
  // A stopped process takes no SIGTERM before it goes on.
  await signalAll(targets, 'SIGCONT');
  if (await waitUntil(() => areGone(targets), graceMs)) {
    return;
  }
  await killProcesses(targets);
}

/** Kills processes and returns when each of them is gone. */
export async function killProcesses(targets: readonly ProcessInfo[]): Promise<void> {
  await signalAll(targets, 'SIGKILL');
  if (!(await waitUntil(() => areGone(targets), 10_000))) {
    const ids = targets.map(target => target.pid).join(', ');
    throw new TestbedError(`Some of the processes ${ids} did not end although they were killed.`);
  }
}

/** Reads one process's `stat` and `cmdline`. */
export function parseStat(pid: number, stat: string, commandLine: string): ProcessInfo {
  // The name stands in parentheses and may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '',
    parentPid: Number(fields[1]),
    startTicks: fields[19] ?? '',
    words: commandLine.split(/[\0 ]+/).filter(word => word !== '')
  };
}

async function signalAll(targets: readonly ProcessInfo[], signal: NodeJS.Signals): Promise<void> {
  await Promise.all(targets.map(target => signalProcess(target, signal)));
}

async function areGone(targets: readonly ProcessInfo[]): Promise<boolean> {
  const gone = await Promise.all(targets.map(isGone));
  return gone.every(Boolean);
}

async function isGone(target: ProcessInfo): Promise<boolean> {
  const now = await readProcess(target.pid);
  return now === undefined || now.startTicks !== target.startTicks;
}

function readOfProcess(file: string): Promise<string | undefined> {
  return ignoreForeign(readFile(file, 'latin1'));
}

/** A process that ended between two looks, or is another user's, is in both cases not ours. */
async function ignoreForeign<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) {
      return undefined;
    }
    throw error;
  }
}
