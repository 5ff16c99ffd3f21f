import { Command, CommanderError, Option } from 'commander';
import { SluiceError } from '../shared/errors';
import type { Resources } from '../shared/wire/resources';
import { addInputOption } from './input-options';
import { addResourceOptions, type ResourceFlags, resourcesOf } from './resource-options';

export type MagicCell = {
  source: string;
  target: string | null;
  resources: Resources;
  /** The lists of `-i`. */
  inputs: string[];
};

/** Words of a line as a shell would part them: quotes hold together, a backslash takes one character. */
function splitWords(line: string): string[] {
  const words = line.match(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return words.map(word =>
    word.replace(
      /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g,
      (_, single?: string, double?: string, one?: string) =>
        single ?? double?.replace(/\\(.)/g, '$1') ?? one ?? ''
    )
  );
}

function parseLine(line: string): Omit<MagicCell, 'source'> {
  const command = addInputOption(addResourceOptions(new Command('%%slurm')), '')
    .argument('[target]')
    .addOption(new Option('-o <names>'))
    .addOption(new Option('--recompute <names>'))
    .addOption(new Option('--columns <columns>'))
    .addOption(new Option('--fetch <pattern>'))
    .addOption(new Option('--no-fetch'))
    .addOption(new Option('--detach'))
    .addOption(new Option('--dry-run'))
    .addOption(new Option('--rehearse'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  try {
    command.parse(splitWords(line), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      const problem = `the line “%%slurm ${line}”: ${error.message.replace(/^error: /, '')}`;
      throw new SluiceError('request-invalid', { problem }, { cause: error });
    }
    throw error;
  }
  const { input = [], ...flags } = command.opts<ResourceFlags & { input?: string[] }>();
  return { target: command.args[0] ?? null, resources: resourcesOf(flags), inputs: input };
}

/** A cell without its `%%slurm` line, and what that line asked for. */
export function parseMagicCell(source: string): MagicCell {
  const [, line, rest = ''] = /^%%slurm(?:[ \t]+([^\n]*))?(?:\n([\s\S]*))?$/.exec(source) ?? [];
  return /^%%slurm\b/.test(source)
    ? { source: rest, ...parseLine(line ?? '') }
    : { source, target: null, resources: {}, inputs: [] };
}
