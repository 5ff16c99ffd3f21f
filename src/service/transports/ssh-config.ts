import { createHash } from 'node:crypto';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors';
import { parseDestination } from './ssh-destination';
import { type ConfigLine, expandHome, readSshConfig } from './ssh-config-file';
import { expandPath, expandTokens, type Fail, parsePort, parseTimeMs } from './ssh-config-values';
import { evaluateSettings, type SshSettings } from './ssh-settings';

/** All that is needed to log in to a host. */
export type SshHost = {
  /** As the person names it, for messages. */
  alias: string;
  hostName: string;
  port: number;
  user: string;
  identityFiles: string[];
  identitiesOnly: boolean;
  agentSocket: string | null;
  /** The person's files first; a new key would be stored in the first one. */
  knownHostsFiles: string[];
  hostKeyAlias?: string;
  connectTimeoutMs: number;
  aliveIntervalMs: number;
  /** The hosts to go through, the first one first. */
  jumps: SshHost[];
  /** What the configuration says and cannot be followed here; a login may fail for it. */
  notes: string[];
};

type Origin = {
  lines: readonly ConfigLine[];
  path: string;
  env: NodeJS.ProcessEnv;
};

const CONNECT_TIMEOUT_MS = 20_000;
const ALIVE_INTERVAL_MS = 14_000;
const MAX_JUMPS = 8;

const DEFAULT_KEYS = ['id_rsa', 'id_ecdsa', 'id_ed25519', 'id_dsa'].map(name => `~/.ssh/${name}`);
const USER_KNOWN_HOSTS = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
const GLOBAL_KNOWN_HOSTS = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

/**
 * Resolve an alias or `user@host:port` over an OpenSSH configuration: the file named by `path`
 * alone, else the person's and the machine's. Commands in it are never run.
 */
export async function resolveSshHost(
  destination: string,
  options: { path?: string; env?: NodeJS.ProcessEnv } = {}
): Promise<SshHost> {
  const env = options.env ?? process.env;
  const { path } = options;
  return resolve(destination, { ...(await readOrigin(path)), env }, 0);
}

async function readOrigin(path: string | undefined): Promise<Omit<Origin, 'env'>> {
  const folder = join(homedir(), '.ssh');
  if (path !== undefined) {
    const own = { folder, isPrivate: false, mayBeMissing: false };
    return { path, lines: await readSshConfig(expandHome(path), own) };
  }
  const user = join(folder, 'config');
  const system = { folder: '/etc/ssh', isPrivate: false, mayBeMissing: true };
  const [ours, theirs] = await Promise.all([
    readSshConfig(user, { folder, isPrivate: true, mayBeMissing: true }),
    readSshConfig('/etc/ssh/ssh_config', system)
  ]);
  return { path: user, lines: [...ours, ...theirs] };
}

function resolve(destination: string, origin: Origin, depth: number): SshHost {
  const fail = failure(origin.path, destination);
  const given = parseDestination(destination);
  if (given === null) {
    throw fail('it is not of the form host, user@host or user@host:port');
  }
  if (depth > MAX_JUMPS) {
    throw fail(`ProxyJump goes over more than ${MAX_JUMPS} hosts; does it name itself?`);
  }
  const localUser = userInfo().username;
  const query = { host: given.host, user: given.user, localUser };
  const { settings, undecided } = evaluateSettings(origin.lines, query);
  const first = (keyword: string): string | undefined => settings.get(keyword)?.[0];

  const named = expandTokens(first('hostname') ?? '%h', { '%h': given.host });
  const hostName = named.toLowerCase();
  const port = given.port ?? parsePort(first('port'), 22, fail);
  const user = given.user ?? first('user') ?? localUser;
  const tokens = tokensOf({ alias: given.host, hostName, port, user, localUser });
  refuseUnsupported(settings, fail);

  return {
    alias: given.host,
    hostName,
    port,
    user,
    identityFiles: (settings.get('identityfile') ?? DEFAULT_KEYS)
      .filter(file => file !== 'none')
      .map(file => expandPath(file, tokens, origin.env)),
    identitiesOnly: first('identitiesonly') === 'yes',
    agentSocket: agentSocket(first('identityagent'), tokens, origin.env),
    knownHostsFiles: [
      ...(settings.get('userknownhostsfile') ?? USER_KNOWN_HOSTS),
      ...(settings.get('globalknownhostsfile') ?? GLOBAL_KNOWN_HOSTS)
    ]
      .filter(file => file !== 'none')
      .map(file => expandPath(file, tokens, origin.env)),
    hostKeyAlias: first('hostkeyalias'),
    connectTimeoutMs: parseTimeMs(first('connecttimeout'), CONNECT_TIMEOUT_MS, fail),
    aliveIntervalMs: Math.min(
      ALIVE_INTERVAL_MS,
      parseTimeMs(first('serveraliveinterval'), ALIVE_INTERVAL_MS, fail)
    ),
    jumps: jumps(settings, tokens, origin, depth),
    notes: undecided.map(what => `${what} in ${origin.path} was not followed`)
  };
}

const failure =
  (path: string, destination: string): Fail =>
  problem =>
    new SluiceError('config-invalid', { path, problem: `host “${destination}”: ${problem}` });

/** What would make a login less strict, or impossible, if it were passed over. */
function refuseUnsupported(settings: SshSettings, fail: Fail): void {
  const isSet = (keyword: string): boolean => (settings.get(keyword)?.[0] ?? 'none') !== 'none';
  const keywords = [...settings.keys()];
  const isJumpFirst =
    isSet('proxyjump') && keywords.indexOf('proxyjump') < keywords.indexOf('proxycommand');
  if (isSet('proxycommand') && !isJumpFirst) {
    throw fail('ProxyCommand is not supported yet; ProxyJump is');
  }
  if (isSet('revokedhostkeys')) {
    throw fail('RevokedHostKeys is not supported yet; @revoked lines in known_hosts are');
  }
}

function jumps(
  settings: SshSettings,
  tokens: Record<string, string>,
  origin: Origin,
  depth: number
): SshHost[] {
  const value = settings.get('proxyjump')?.[0] ?? 'none';
  if (value === 'none') {
    return [];
  }
  const [nearest, ...others] = expandTokens(value, tokens)
    .split(',')
    .map(hop => resolve(hop.trim(), origin, depth + 1));
  if (nearest === undefined) {
    return [];
  }
  // Only the nearest hop is reached by its own ProxyJump; the others go through the one before.
  return [
    ...nearest.jumps,
    { ...nearest, jumps: [] },
    ...others.map(hop => ({ ...hop, jumps: [] }))
  ];
}

function agentSocket(
  setting: string | undefined,
  tokens: Record<string, string>,
  env: NodeJS.ProcessEnv
): string | null {
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') {
    return env.SSH_AUTH_SOCK ?? null;
  }
  if (setting === 'none') {
    return null;
  }
  return setting.startsWith('$') && !setting.startsWith('${')
    ? (env[setting.slice(1)] ?? null)
    : expandPath(setting, tokens, env);
}

function tokensOf(host: {
  alias: string;
  hostName: string;
  port: number;
  user: string;
  localUser: string;
}): Record<string, string> {
  const local = hostname();
  const { alias, hostName, port, user, localUser } = host;
  const connection = `${local}${hostName}${port}${user}`;
  return {
    '%d': homedir(),
    '%h': hostName,
    '%n': alias,
    '%k': alias,
    '%p': String(port),
    '%r': user,
    '%u': localUser,
    '%i': String(process.getuid?.() ?? ''),
    '%l': local,
    '%L': local.split('.')[0] ?? local,
    '%C': createHash('sha1').update(connection).digest('hex')
  };
}
