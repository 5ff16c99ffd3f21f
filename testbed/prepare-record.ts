import { mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defaultKnobs, type KnobValues } from './knobs.ts';
import { LONGEST_RUNTIME_DIR } from './layout.ts';
import { listeningPartNames } from './parts.ts';
import { findFreePorts, isPortFree } from './ports.ts';
import { nodeNamesOf } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';
import type { TestbedRecord } from './testbed-record.ts';

/** What a person asked for; what they left open stays as it was, or takes its default. */
export type Wishes = { nodeCount?: number | undefined; knobs: Partial<KnobValues> };

const DEFAULT_NODE_COUNT = 3;
const MOST_NODES = 64;

/** The record of a testbed from its former one and the wishes, with ports that can be used. */
export async function prepareRecord(
  dir: string,
  former: TestbedRecord | undefined,
  wishes: Wishes,
  runningParts: readonly string[]
): Promise<TestbedRecord> {
  const nodeCount = wishes.nodeCount ?? former?.nodeCount ?? DEFAULT_NODE_COUNT;
  if (!Number.isInteger(nodeCount) || nodeCount < 1 || nodeCount > MOST_NODES) {
    throw new TestbedError(`The number of nodes is a whole number from 1 to ${MOST_NODES}.`, 2);
  }
  return {
    version: 1,
    uid: process.getuid?.() ?? -1,
    nodeCount,
    knobs: { ...defaultKnobs(), ...former?.knobs, ...wishes.knobs },
    runtimeDir: former?.runtimeDir ?? (await chooseRuntimeDir(dir)),
    ports: await choosePorts(former?.ports ?? {}, nodeNamesOf({ nodeCount }), runningParts)
  };
}

/** Refuses a directory whose name the configuration files could not carry, or that is in use. */
export async function checkNewDirectory(dir: string): Promise<void> {
  if (!/^[\w./@+-]+$/.test(dir)) {
    throw new TestbedError(
      `The testbed cannot live in "${dir}": Slurm's and sshd's files have no way to write blanks ` +
        'or special characters in a path. Choose another directory with --dir.',
      2
    );
  }
  if ((await listIfThere(dir)).length > 0) {
    throw new TestbedError(`${dir} holds other files. Choose a new or empty directory.`, 2);
  }
}

async function listIfThere(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return [];
    }
    throw new TestbedError(`${dir} cannot be used: ${message}`, 2, error);
  }
}

async function chooseRuntimeDir(dir: string): Promise<string> {
  if (dir.length <= LONGEST_RUNTIME_DIR) {
    return dir;
  }
  const short = [await realpath(tmpdir()), '/tmp'].find(each => each.length <= 30) ?? '/tmp';
  return mkdtemp(join(short, 'sluice-testbed-'));
}

async function choosePorts(
  former: Readonly<Record<string, number>>,
  nodeNames: readonly string[],
  runningParts: readonly string[]
): Promise<Record<string, number>> {
  const names = listeningPartNames(nodeNames);
  const fresh = await findFreePorts(names.length);
  const usable = await Promise.all(
    names.map(name => isUsable(former[name], runningParts.includes(name)))
  );
  return Object.fromEntries(
    names.map((name, index) => [name, (usable[index] ? former[name] : fresh[index]) as number])
  );
}

async function isUsable(port: number | undefined, isRunning: boolean): Promise<boolean> {
  return port !== undefined && (isRunning || (await isPortFree(port)));
}
