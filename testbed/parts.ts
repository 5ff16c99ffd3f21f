import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { accountingParts, SLURMDBD } from './accounting.ts';
import { hasSlowLink } from './knobs.ts';
import type { Layout } from './layout.ts';
import { listProcesses, readProcess, type ProcessInfo } from './processes.ts';
import { readIfThere } from './read-if-there.ts';
import { nodeNamesOf, type Testbed } from './testbed.ts';

/**
 * One daemon of the testbed. A new kind is one more entry in `partsOf`; it must go to the
 * background by itself once it can serve (or have what does that for it), and write its pid file.
 */
export type Part = {
  name: string;
  program: string;
  args: string[];
  pidFile: string;
  /** Words that only this daemon of this testbed has, all of them, in its command line. */
  identity: string[];
  /** The words that start it, where the program itself is not what one starts. */
  startedBy?: string[];
  /** Variables that it needs beside those of every daemon. */
  environment?: Record<string, string>;
  /** What must be done before each start. */
  prepare?: () => Promise<void>;
  /** What must be done after each start, before the next stage. */
  settle?: () => Promise<void>;
  /** Parts start in the order of their stages and end in the reverse order. */
  stage: number;
};

/** Every daemon of a testbed. */
export function partsOf(testbed: Testbed): Part[] {
  return [
    munged(testbed),
    ...accountingParts(testbed),
    slurmctld(testbed),
    sshd(testbed),
    ...(hasSlowLink(testbed.record.knobs) ? [link(testbed)] : []),
    ...nodeNamesOf(testbed.record).map(node => slurmd(testbed, node))
  ];
}

/** The name of the slow link, through which connections to sshd go where a knob asks for it. */
export const LINK = 'link';

/** The names of the parts that listen on a port of their own. */
export function listeningPartNames(nodeNames: readonly string[]): string[] {
  return ['slurmctld', SLURMDBD, 'sshd', LINK, ...nodeNames.map(slurmdNameOf)];
}

/** The file that sshd and its sessions write to. */
export function sshdLogOf(layout: Layout): string {
  return `${layout.logDir}/sshd.log`;
}

/** The name of a node's daemon. */
export function slurmdNameOf(node: string): string {
  return `slurmd.${node}`;
}

/** The daemon's process: the one in its pid file, or else found by its command line. */
export async function findPart(part: Part): Promise<ProcessInfo | undefined> {
  const pid = await readPidFile(part.pidFile);
  const noted = pid === undefined ? undefined : await readProcess(pid);
  if (noted && isPart(part, noted)) {
    return noted;
  }
  // A pid file may be lost: a slurmctld that ends late deletes that of its successor.
  return (await listProcesses()).find(each => isPart(part, each));
}

/** Whether a process is this daemon, by its command line. */
export function isPart(part: Part, candidate: ProcessInfo): boolean {
  const { words } = candidate;
  // sshd renames itself to "sshd: /usr/sbin/sshd -f …".
  const isProgram = words.slice(0, 2).some(word => basename(word) === basename(part.program));
  return isProgram && part.identity.every(word => words.includes(word));
}

function munged({ layout }: Testbed): Part {
  const pidFile = `${layout.runDir}/munged.pid`;
  const socket = `--socket=${layout.mungeSocket}`;
  return {
    name: 'munged',
    program: 'munged',
    // Forced: as root, or below a directory that a group may write to, munged otherwise refuses.
    args: [
      '--force',
      socket,
      `--key-file=${layout.mungeKey}`,
      `--log-file=${layout.logDir}/munged.log`,
      `--pid-file=${pidFile}`,
      `--seed-file=${layout.mungeSeed}`
    ],
    pidFile,
    identity: [socket],
    stage: 0
  };
}

function slurmctld({ layout }: Testbed): Part {
  return {
    name: 'slurmctld',
    program: 'slurmctld',
    args: ['-f', layout.slurmConf],
    pidFile: `${layout.runDir}/slurmctld.pid`,
    identity: [layout.slurmConf],
    stage: 2
  };
}

function sshd({ layout }: Testbed): Part {
  return {
    name: 'sshd',
    program: 'sshd',
    args: ['-f', layout.sshdConf, '-E', sshdLogOf(layout)],
    pidFile: `${layout.runDir}/sshd.pid`,
    identity: [layout.sshdConf, '[listener]'],
    prepare: makePrivilegeFolder,
    stage: 2
  };
}

function link({ layout, record }: Testbed): Part {
  const { knobs, ports } = record;
  const pidFile = `${layout.runDir}/link.pid`;
  const speed = knobs.bytesPerSecond === 'any' ? 'Infinity' : knobs.bytesPerSecond;
  return {
    name: LINK,
    program: process.execPath,
    // The proxy is shared with the specs, whose files another compiler reads.
    args: [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'link.ts'),
      pidFile,
      String(ports[LINK]),
      String(ports['sshd']),
      knobs.latencyMs,
      speed
    ],
    pidFile,
    identity: [pidFile],
    stage: 2
  };
}

function slurmd({ layout }: Testbed, node: string): Part {
  return {
    name: slurmdNameOf(node),
    program: 'slurmd',
    args: ['-N', node, '-f', layout.slurmConf],
    pidFile: `${layout.runDir}/slurmd.${node}.pid`,
    identity: [node, layout.slurmConf],
    stage: 3
  };
}

/** sshd run by root wants this folder; the system's own service would have made it. */
async function makePrivilegeFolder(): Promise<void> {
  if (process.getuid?.() === 0) {
    await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  }
}

async function readPidFile(file: string): Promise<number | undefined> {
  const pid = Number.parseInt((await readIfThere(file)) ?? '', 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}
