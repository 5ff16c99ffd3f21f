import { userInfo } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../../../shared/errors';
import { type ConfigLine, readSshConfig } from './ssh-config-file';
import { expandHome, type Fail } from './ssh-config-values';
import { parseDestination, type SshDestination } from './ssh-destination';
import { askSsh, type ConfigPlace } from './ssh-dump';
import { homeOf } from './ssh-home';
import type { SshHost } from './ssh-host';
import { hostFromSettings } from './ssh-host-settings';
import { evaluateSettings, type SshSettings } from './ssh-settings';

export type { SshHost } from './ssh-host';

/** The settings of one host, and what in them could not be followed. */
type LookUp = (given: SshDestination) => Promise<{ settings: SshSettings; undecided: string[] }>;

const MAX_JUMPS = 8;

/**
 * Resolve an alias or `user@host:port` over an OpenSSH configuration: the file named by `path`
 * alone, else the person's and the machine's. The system's `ssh` is asked, so that all means what it
 * means to it; where there is none, the files are read here, and commands in them are not run.
 *
 * Errors: `config-invalid`.
 */
export async function resolveSshHost(
  destination: string,
  options: { path?: string; env?: NodeJS.ProcessEnv } = {}
): Promise<SshHost> {
  const place: ConfigPlace = { path: options.path, env: options.env ?? process.env };
  return resolve(destination, place, createLookUp(place), 0);
}

function createLookUp(place: ConfigPlace): LookUp {
  let lines: Promise<ConfigLine[]> | null = null;
  return async given => {
    const answer = lines === null ? await askSsh(given, place) : null;
    if (answer !== null) {
      return { settings: answer, undecided: [] };
    }
    lines ??= readConfiguration(place);
    const query = { ...given, localUser: userInfo().username };
    return evaluateSettings(await lines, query);
  };
}

/** The lines of the configuration, the person's before the machine's. */
export async function readConfiguration({ path, env }: ConfigPlace): Promise<ConfigLine[]> {
  const home = homeOf(env);
  const folder = join(home, '.ssh');
  if (path !== undefined) {
    const own = { home, folder, isPrivate: false, mayBeMissing: false };
    return readSshConfig(expandHome(path, home), own);
  }
  const ours = { home, folder, isPrivate: true, mayBeMissing: true };
  const theirs = { home, folder: '/etc/ssh', isPrivate: false, mayBeMissing: true };
  const files = await Promise.all([
    readSshConfig(join(folder, 'config'), ours),
    readSshConfig('/etc/ssh/ssh_config', theirs)
  ]);
  return files.flat();
}

async function resolve(
  destination: string,
  place: ConfigPlace,
  lookUp: LookUp,
  depth: number
): Promise<SshHost> {
  const path = place.path ?? '~/.ssh/config';
  const fail: Fail = problem =>
    new SluiceError('config-invalid', { path, problem: `host “${destination}”: ${problem}` });
  const given = parseDestination(destination);
  if (given === null) {
    throw fail('it is not of the form host, user@host or user@host:port');
  }
  if (depth > MAX_JUMPS) {
    throw fail(`ProxyJump goes over more than ${MAX_JUMPS} hosts; does it name itself?`);
  }
  const { settings, undecided } = await lookUp(given);
  const localUser = userInfo().username;
  const { jumpNames, ...host } = hostFromSettings(settings, {
    given,
    localUser,
    env: place.env,
    fail
  });
  const hops: SshHost[] = [];
  for (const name of jumpNames) {
    hops.push(await resolve(name, place, lookUp, depth + 1));
  }
  const notes = undecided.map(what => `${what} in ${path} was not followed`);
  return { ...host, jumps: inTurn(hops), only: { ...host.only, undecided }, notes };
}

/** Only the nearest hop is reached by its own ProxyJump; the others go through the one before. */
function inTurn([nearest, ...others]: SshHost[]): SshHost[] {
  if (nearest === undefined) {
    return [];
  }
  const alone = (hop: SshHost): SshHost => ({ ...hop, jumps: [] });
  return [...nearest.jumps, alone(nearest), ...others.map(alone)];
}
