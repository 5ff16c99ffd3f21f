import { rename, writeFile } from 'node:fs/promises';

import { defaultKnobs, type KnobValues } from './knobs.ts';
import { recordFileOf } from './layout.ts';
import { readIfThere } from './read-if-there.ts';
import { TestbedError } from './testbed-error.ts';

/** What a testbed's directory remembers between two commands. */
export type TestbedRecord = {
  version: 1;
  /** The only user who may run it. */
  uid: number;
  nodeCount: number;
  knobs: KnobValues;
  /** The short directory for sockets; the testbed's own where that is short. */
  runtimeDir: string;
  /** The port of each part that listens, by the part's name. */
  ports: Record<string, number>;
};

/** The record in a directory, or undefined when no testbed was made there. */
export async function readRecord(dir: string): Promise<TestbedRecord | undefined> {
  const file = recordFileOf(dir);
  const text = await readIfThere(file);
  return text === undefined ? undefined : parseRecord(file, text);
}

/** Writes the record, aside and then renamed: a reader sees the old one or the new one. */
export async function writeRecord(dir: string, record: TestbedRecord): Promise<void> {
  const file = recordFileOf(dir);
  await writeFile(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

function parseRecord(file: string, text: string): TestbedRecord {
  const value = parseJson(text);
  if (!isRecord(value)) {
    throw new TestbedError(
      `${file} is not the record of a testbed of this version. ` +
        'End its processes, remove that directory, and run "up" again.',
      2
    );
  }
  // A testbed of an older checkout knows fewer knobs.
  return { ...value, knobs: { ...defaultKnobs(), ...value.knobs } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is TestbedRecord {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const record = value as Partial<TestbedRecord>;
  return (
    record.version === 1 &&
    typeof record.uid === 'number' &&
    typeof record.nodeCount === 'number' &&
    typeof record.runtimeDir === 'string' &&
    isTable(record.ports, 'number') &&
    isTable(record.knobs, 'string')
  );
}

function isTable(value: unknown, type: 'number' | 'string'): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every(each => typeof each === type)
  );
}
