import { parseArgs } from 'node:util';

import { BenchError } from './bench-error.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';

/** What the command line asks for. */
export type CommandLine = { names: string[]; isHelp: boolean; options: BenchOptions };

type Known = readonly Pick<Benchmark, 'name' | 'about'>[];

/** Reads the words after the program's name; no benchmark named: all of them. */
export function parseCommandLine(argv: readonly string[], known: Known): CommandLine {
  const { values, positionals } = parseWords(argv, known);
  const all = known.map(({ name }) => name);
  const stranger = positionals.find(name => !all.includes(name));
  if (stranger !== undefined) {
    throw new BenchError(`There is no benchmark "${stranger}".\n\n${renderUsage(known)}`, 2);
  }
  return {
    names: positionals.length === 0 ? all : all.filter(name => positionals.includes(name)),
    isHelp: values.help ?? false,
    options: {
      rounds: values.rounds === undefined ? undefined : parseRounds(values.rounds),
      isDefaultScheduler: values.default ?? false,
      withSlurmray: values['with-slurmray'] ?? false,
      only: values.only ?? ''
    }
  };
}

/** The help text. */
export function renderUsage(known: Known): string {
  const width = Math.max(...known.map(({ name }) => name.length));
  const lines = known.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`);
  return `Each figure beside its peer, as ratios within one run.

npm run bench -- [NAME]... [--rounds N] [--default] [--only WORDS] [--with-slurmray]

${lines.join('\n')}

--rounds N        rounds of each comparison
--default         road: once more with Slurm's own scheduler parameters
--only WORDS      sync: the figures whose names hold these words, as '80 ms' or 'first send'
--with-slurmray   here: install SlurmRay (several gigabytes) and run it, too
`;
}

function parseRounds(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new BenchError(`--rounds takes a number from 1 to 9999, not "${text}".`, 2);
  }
  return Number(text);
}

function parseWords(argv: readonly string[], known: Known) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        default: { type: 'boolean' },
        only: { type: 'string' },
        'with-slurmray': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' }
      }
    });
  } catch (error) {
    throw new BenchError(`${(error as Error).message}\n\n${renderUsage(known)}`, 2, error);
  }
}
