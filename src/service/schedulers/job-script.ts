import { shQuote } from '../../shared/sh-quote';
import type { JobSpec } from './scheduler';

/** A batch shell is no login shell: where `module` is a function of the profile, it is missing. */
const MODULES = `command -v module >/dev/null 2>&1 || for sluice_init in \\
  /etc/profile.d/lmod.sh /etc/profile.d/z00_lmod.sh /etc/profile.d/modules.sh; do
  if [ -r "$sluice_init" ]; then . "$sluice_init"; break; fi
done`;

function setupLines(setup: readonly string[]): string[] {
  return setup.some(line => /(^|[\s;&|])(module|ml)\s/.test(line))
    ? [MODULES, ...setup]
    : [...setup];
}

/** `~/` is the home on the host, which a quoted word would not become. */
function program(python: string): string {
  return python.startsWith('~/') ? `"$HOME"/${shQuote(python.slice(2))}` : shQuote(python);
}

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
    `exec ${program(python)} -u ${shQuote(workerPath)} ${shQuote(directory)}`,
    ''
  ].join('\n');
}
