import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../../../shared/errors';
import type { SshDestination } from './ssh-destination';
import { expandHome } from './ssh-config-values';
import { homeOf } from './ssh-home';
import type { SshSettings } from './ssh-settings';

/** Where the configuration is. */
export type ConfigPlace = {
  /** A file that alone counts; absent: the person's and the machine's. */
  path?: string;
  env: NodeJS.ProcessEnv;
};

// `Match exec` and the look-up of canonical names take their time.
const TIMEOUT_MS = 15_000;
const MAX_BYTES = 1_000_000;

const SYSTEM_CONFIG = '/etc/ssh/ssh_config';

// Several file names on one line; all others are one value a line.
const LISTS = new Set(['userknownhostsfile', 'globalknownhostsfile']);

/** The arguments that make `ssh` read the same configuration as Sluice does. */
export function configArguments({ path, env }: ConfigPlace): string[] {
  if (path !== undefined) {
    return ['-F', expandHome(path, homeOf(env))];
  }
  const home = homeOf(env);
  if (home === userInfo().homedir) {
    return [];
  }
  const own = join(home, '.ssh', 'config');
  return ['-F', existsSync(own) ? own : existsSync(SYSTEM_CONFIG) ? SYSTEM_CONFIG : 'none'];
}

/** The destination as arguments of `ssh`; nothing in it can be taken for an option. */
export function destinationArguments({ host, user, port }: SshDestination): string[] {
  return [
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host
  ];
}

/**
 * What the system's `ssh` would do for a host (`ssh -G`); null where there is no `ssh`. It runs the
 * commands of `Match exec`, as each `ssh` of the person does.
 *
 * Errors: `config-invalid` in the words of ssh; `host-unreachable` when a name that it looks up is not found.
 */
export async function askSsh(
  destination: SshDestination,
  place: ConfigPlace
): Promise<SshSettings | null> {
  const given = [...configArguments(place), '-T', '-G', ...destinationArguments(destination)];
  const answer = await run(given, place.env);
  if (answer === null) {
    return null;
  }
  if (answer.isUnreachable) {
    const { host } = destination;
    throw new SluiceError('host-unreachable', { target: host, host, problem: answer.problem });
  }
  if (answer.problem !== null) {
    const path = place.path ?? '~/.ssh/config';
    const problem = `host “${destination.host}”: ${answer.problem}`;
    throw new SluiceError('config-invalid', { path, problem });
  }
  return inHome(parseSshDump(answer.stdout), place.env);
}

/** ssh puts in the home of the account for `~`, whatever HOME says. */
function inHome(settings: SshSettings, env: NodeJS.ProcessEnv): SshSettings {
  const home = homeOf(env);
  const { homedir: account } = userInfo();
  const moved = (value: string): string =>
    home !== account && value.startsWith(`${account}/.ssh/`)
      ? home + value.slice(account.length)
      : value;
  return new Map([...settings].map(([keyword, values]) => [keyword, values.map(moved)]));
}

/** The answer of `ssh -G` as settings; keywords come in lower case. */
export function parseSshDump(text: string): SshSettings {
  const settings: SshSettings = new Map();
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    if (at > 0) {
      const keyword = line.slice(0, at).toLowerCase();
      const value = line.slice(at + 1);
      const values = LISTS.has(keyword) ? splitPaths(value) : [value];
      settings.set(keyword, [...(settings.get(keyword) ?? []), ...values]);
    }
  }
  return settings;
}

/** The names of files that ssh has joined with blanks; a piece that begins no path belongs to the one before. */
function splitPaths(joined: string): string[] {
  return joined.split(/ (?=[/~$%]|none$)/);
}

type Answer = { stdout: string; problem: string | null; isUnreachable: boolean };

function run(given: string[], env: NodeJS.ProcessEnv): Promise<Answer | null> {
  return new Promise(resolve => {
    const how = { env, timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES };
    const child = execFile('ssh', given, how, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ stdout, problem: null, isUnreachable: false });
      } else if ((error.code as unknown) === 'ENOENT') {
        resolve(null);
      } else {
        resolve({ stdout, ...failureOf(error, stderr) });
      }
    });
    child.stdin?.end();
  });
}

function failureOf(error: ExecFileException, stderr: string): Omit<Answer, 'stdout'> {
  if (error.killed === true) {
    const problem = `ssh -G did not answer within ${TIMEOUT_MS / 1000} s`;
    return { problem, isUnreachable: true };
  }
  const said = stderr
    .trim()
    .split(/\s*\n\s*/)
    .join('; ');
  // Canonical names are looked up at once.
  return { problem: said || error.message, isUnreachable: /could not resolve/i.test(said) };
}
