import { setupLines } from '../../shared/setup-lines';
import { shPath, shQuote } from '../../shared/sh-quote';
import type { JobSpec } from './scheduler';

/**
 * Text of `script.sh`. Its first line after the interpreter is a command: Slurm reads `#SBATCH`
 * only before the first command, so no setup line becomes an option.
 */
export function buildJobScript(job: JobSpec, exports: readonly string[]): string {
  const { setup, python, workerPath, directory } = job;
  return [
    '#!/bin/sh',
    ...exports,
    ...setupLines(setup),
    `exec ${shPath(python)} -u ${shQuote(workerPath)} ${shQuote(directory)}`,
    ''
  ].join('\n');
}
