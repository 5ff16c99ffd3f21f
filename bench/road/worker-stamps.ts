import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BenchError } from '../bench-error.ts';

/** When the worker said what, by its own clock, in milliseconds of the time of day. */
export type WorkerStamps = { startedMs: number; printedMs: number; finishedMs: number };

type Line = { type: string; at: number };

/** Reads the stamps of a finished run from its directory, which is on this machine. */
export async function readWorkerStamps(directory: string): Promise<WorkerStamps> {
  const text = await readFile(join(directory, 'attempts/0/events.jsonl'), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Line);
  const find = (type: string): number => {
    const line = lines.find(each => each.type === type);
    if (line === undefined) {
      throw new BenchError(`The worker's events in ${directory} have no "${type}".`);
    }
    return line.at * 1000;
  };
  return { startedMs: find('started'), printedMs: find('stream'), finishedMs: find('finished') };
}
