import { userInfo } from 'node:os';
import { SluiceError } from '../../../shared/errors';
import { matchesPatternList } from './host-pattern';
import { readConfiguration } from './ssh-config';
import type { ConfigLine } from './ssh-config-file';
import { parseDestination } from './ssh-destination';
import { hostFromSettings } from './ssh-host-settings';
import { evaluateSettings } from './ssh-settings';

/** A host that the SSH configuration names. */
export type SshAlias = { alias: string; hostName: string; user: string };

/** More than a person could look through; a generated configuration may have thousands. */
const MAX_ALIASES = 500;

/**
 * The hosts that the configuration names without wildcards, in its order. Nothing in it is run.
 *
 * Errors: `config-invalid` when a file cannot be read.
 */
export async function sshAliases(env: NodeJS.ProcessEnv, path?: string): Promise<SshAlias[]> {
  const lines = await readConfiguration({ path, env });
  const names = [...new Set(namesIn(lines))].slice(0, MAX_ALIASES);
  return names.map(name => toAlias(name, lines, env));
}

/** What lies in a section counts only for hosts of that section, also through Include. */
function namesIn(lines: readonly ConfigLine[]): string[] {
  return lines.flatMap(line => {
    if (line.kind === 'setting') {
      return [];
    }
    const inner = namesIn(line.lines);
    if (line.kind === 'included') {
      return inner;
    }
    if (line.keyword === 'match') {
      return line.values.join(' ').toLowerCase() === 'all' ? inner : [];
    }
    return [
      ...line.values.filter(isName),
      ...inner.filter(name => matchesPatternList(name, line.values))
    ];
  });
}

const isName = (value: string): boolean => !/[*?!]/.test(value) && parseDestination(value) !== null;

function toAlias(alias: string, lines: readonly ConfigLine[], env: NodeJS.ProcessEnv): SshAlias {
  const localUser = userInfo().username;
  const { settings } = evaluateSettings(lines, { host: alias, localUser });
  const { hostName, user } = hostFromSettings(settings, {
    given: { host: alias },
    localUser,
    env,
    fail: problem =>
      new SluiceError('config-invalid', {
        path: '~/.ssh/config',
        problem: `host “${alias}”: ${problem}`
      })
  });
  return { alias, hostName, user };
}
