import { resolve } from 'node:path';
import { homedir } from 'node:os';

import { layoutOf, type Layout } from './layout.ts';
import { realDirectory } from './real-directory.ts';
import { TestbedError } from './testbed-error.ts';
import { readRecord, type TestbedRecord } from './testbed-record.ts';

/** One testbed: its directory with all paths, and its settings. */
export type Testbed = { layout: Layout; record: TestbedRecord };

/** The names of a testbed's nodes. */
export function nodeNamesOf(record: Pick<TestbedRecord, 'nodeCount'>): string[] {
  return Array.from({ length: record.nodeCount }, (_, index) => `node${index + 1}`);
}

/** The directory of the testbed that is meant when none is named. */
export function defaultDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const { SLUICE_TESTBED_DIR: named, XDG_STATE_HOME: stateHome } = environment;
  return resolve(named || `${stateHome || `${homedir()}/.local/state`}/sluice-testbed`);
}

/** The testbed that was made in a directory; refuses where there is none, or another user's. */
export async function openTestbed(directory: string): Promise<Testbed> {
  const dir = await realDirectory(directory);
  const record = await readRecord(dir);
  if (record === undefined) {
    throw new TestbedError(
      `There is no testbed in ${dir}. Make one with "npm run testbed -- up --dir ${dir}".`
    );
  }
  checkOwner(dir, record);
  return { record, layout: layoutOf(dir, record.runtimeDir) };
}

/** Refuses a testbed that another user made: its processes and keys are not ours to touch. */
export function checkOwner(dir: string, record: TestbedRecord): void {
  const uid = process.getuid?.();
  if (record.uid !== uid) {
    throw new TestbedError(
      `The testbed in ${dir} was made by user ${record.uid}, and this is user ${uid}. ` +
        'Choose another directory with --dir.',
      2
    );
  }
}
