import { findProgram } from './find-program.ts';
import type { Layout } from './layout.ts';
import { findPart, partsOf } from './parts.ts';
import { runChecked, runCommand, type CommandResult } from './run-command.ts';
import type { Testbed } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';

// slurmctld that does not answer makes Slurm's commands wait for 9 to 18 s.
const TIMEOUT_MS = 30_000;
const PING_TIMEOUT_MS = 10_000;

/** The caller's environment with this testbed's Slurm and none of an outer job. */
export function slurmEnvironment(layout: Layout): NodeJS.ProcessEnv {
  const outer = Object.entries(process.env).filter(([name]) => !/^(SLURM|SBATCH)_/.test(name));
  return { ...Object.fromEntries(outer), SLURM_CONF: layout.slurmConf };
}

/** Runs a Slurm command against the testbed; a refusal is an answer. */
export function trySlurm(
  layout: Layout,
  name: string,
  args: readonly string[]
): Promise<CommandResult> {
  const options = { env: slurmEnvironment(layout), timeoutMs: TIMEOUT_MS };
  return runCommand(programOf(name), args, options);
}

/** Runs a Slurm command against the testbed; returns what it printed. */
export function runSlurm(layout: Layout, name: string, args: readonly string[]): Promise<string> {
  const options = { env: slurmEnvironment(layout), timeoutMs: TIMEOUT_MS };
  return runChecked(programOf(name), args, options);
}

/** Whether slurmctld answers now. Unlike the other commands this one does not try again. */
export async function doesControllerAnswer(testbed: Testbed): Promise<boolean> {
  const needed = partsOf(testbed).filter(({ name }) => ['munged', 'slurmctld'].includes(name));
  const found = await Promise.all(needed.map(findPart));
  // Without munged, or with a stopped one, every Slurm command would hang for half a minute.
  if (!found.every(each => each !== undefined && each.state !== 'T')) {
    return false;
  }
  const env = slurmEnvironment(testbed.layout);
  const { stdout } = await runCommand(programOf('scontrol'), ['ping'], {
    env,
    timeoutMs: PING_TIMEOUT_MS
  });
  return / is UP\b/.test(stdout);
}

/** The state word of each node, such as `idle`, `mixed` or `down*`. */
export async function readNodeStates(layout: Layout): Promise<Map<string, string>> {
  return parseNodeStates(await runSlurm(layout, 'sinfo', ['-h', '-N', '-o', '%N %T']));
}

/** Reads lines of a node and its state; a node stands there once for each of its partitions. */
export function parseNodeStates(text: string): Map<string, string> {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  return new Map(lines.map(line => line.trim().split(/\s+/) as [string, string]));
}

function programOf(name: string): string {
  const program = findProgram(name);
  if (program === undefined) {
    throw new TestbedError(`${name} is not installed here.`, 2);
  }
  return program;
}
