import { parseArgs } from 'node:util';

import { KNOBS, type KnobName } from './knobs.ts';
import { TestbedError } from './testbed-error.ts';

const COMMANDS = ['up', 'down', 'status', 'env', 'help'] as const;

/** What the command line asks for. */
export type CommandLine = {
  command: (typeof COMMANDS)[number];
  dir: string | undefined;
  nodeCount: number | undefined;
  knobs: Record<string, string>;
  remove: boolean;
};

/** Reads the words after the program's name. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { values, positionals } = parseWords(argv);
  const word = values.help ? 'help' : positionals[0];
  const command = COMMANDS.find(each => each === word);
  if (command === undefined || positionals.length > 1) {
    throw new TestbedError(`Which one of ${COMMANDS.join(', ')}?\n\n${renderUsage()}`, 2);
  }
  return {
    command,
    dir: values.dir,
    nodeCount: values.nodes === undefined ? undefined : Number(values.nodes),
    knobs: Object.fromEntries((values.knob ?? []).map(parseKnob)),
    remove: values.remove ?? false
  };
}

/** The help text. */
export function renderUsage(): string {
  const width = Math.max(...Object.keys(KNOBS).map(name => name.length));
  const knobs = (Object.keys(KNOBS) as KnobName[]).map(
    name => `  ${name.padEnd(width)}  ${KNOBS[name].about} (${KNOBS[name].defaultValue})`
  );
  return `A real Slurm and a real sshd on this machine.

npm run testbed -- up [--dir DIR] [--nodes N] [--knob NAME=VALUE]...
npm run testbed -- status [--dir DIR]
npm run testbed -- env [--dir DIR]
npm run testbed -- down [--dir DIR] [--remove]

up leaves what is up alone, starts what is missing, and keeps former settings.
DIR: else $SLUICE_TESTBED_DIR, else sluice-testbed in $XDG_STATE_HOME or ~/.local/state.

Knobs (with their defaults):
${knobs.join('\n')}
`;
}

function parseWords(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        dir: { type: 'string' },
        nodes: { type: 'string' },
        knob: { type: 'string', multiple: true },
        remove: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' }
      }
    });
  } catch (error) {
    throw new TestbedError(`${(error as Error).message}\n\n${renderUsage()}`, 2, error);
  }
}

function parseKnob(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new TestbedError(`A knob is given as NAME=VALUE, not "${text}".`, 2);
  }
  return [name, value];
}
