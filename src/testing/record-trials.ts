import { appendFileSync } from 'node:fs';

/** One line of the table of a fault suite. */
export type TrialRow = {
  /** Which table, such as `submit`. */
  suite: string;
  /** What was done, such as “service killed after sbatch had answered”. */
  point: string;
  trials: number;
  /** What came of them, by name, in the order of the table's columns. */
  counts: Readonly<Record<string, number>>;
};

/** Whether the trials are to be run in full: `npm run faults`, `npm run test:all`. */
export const inFull = process.env['SLUICE_TEST_ALL'] === '1';

/** How many trials of a kind to run: few in `npm test`, all by command. */
export function trialCount(few: number, all: number): number {
  return inFull ? all : few;
}

/** Note what trials came to, for the table that `npm run faults` prints; nothing otherwise. */
export function recordTrials(row: TrialRow): void {
  const path = process.env['SLUICE_FAULTS_OUT'];
  if (path !== undefined) {
    appendFileSync(path, `${JSON.stringify(row)}\n`);
  }
}
