import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import {
  expandPath,
  expandTokens,
  type Fail,
  parseCount,
  parsePort,
  parseTimeMs
} from './ssh-config-values';
import { destinationText, type SshDestination } from './ssh-destination';
import { homeOf } from './ssh-home';
import type { LoginWay, OpensshOnly, SshHost } from './ssh-host';
import type { SshSettings } from './ssh-settings';

/** For whom and from where settings are read. */
export type HostContext = {
  given: SshDestination;
  localUser: string;
  env: NodeJS.ProcessEnv;
  fail: Fail;
};

/** Settings of a host as values: jump hosts are only named, the way to them is not looked up. */
export type NamedJumps = Omit<SshHost, 'jumps'> & { jumpNames: string[] };

const CONNECT_TIMEOUT_MS = 20_000;
const ALIVE_INTERVAL_MS = 14_000;
const ALIVE_COUNT = 3;
const PASSWORD_PROMPTS = 3;

const DEFAULT_KEYS = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk', 'id_dsa'];
const USER_KNOWN_HOSTS = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
const GLOBAL_KNOWN_HOSTS = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

const LOGIN_WAYS: Record<LoginWay, string> = {
  publickey: 'pubkeyauthentication',
  'keyboard-interactive': 'kbdinteractiveauthentication',
  password: 'passwordauthentication'
};

/** Settings as values, with paths and tokens expanded as OpenSSH does. */
export function hostFromSettings(settings: SshSettings, context: HostContext): NamedJumps {
  const { given, localUser, env, fail } = context;
  const first = (keyword: string): string | undefined => settings.get(keyword)?.[0];
  const named = expandTokens(first('hostname') ?? '%h', { '%h': given.host });
  const hostName = named.toLowerCase();
  const port = given.port ?? parsePort(first('port'), 22, fail);
  const user = given.user ?? first('user') ?? localUser;
  const hostKeyAlias = first('hostkeyalias');
  const home = homeOf(env);
  const tokens = tokensOf({ ...context, hostName, port, user, hostKeyAlias, home });
  const path = (text: string): string => expandPath(text, tokens, env);
  const paths = (keyword: string, otherwise: string[]): string[] =>
    (settings.get(keyword) ?? otherwise).filter(file => file !== 'none').map(path);

  const userFiles = paths('userknownhostsfile', USER_KNOWN_HOSTS);
  const algorithms = first('hostkeyalgorithms');
  return {
    alias: destinationText(given),
    hostName,
    port,
    user,
    identityFiles: paths(
      'identityfile',
      DEFAULT_KEYS.map(name => `~/.ssh/${name}`)
    ),
    identitiesOnly: first('identitiesonly') === 'yes',
    agentSocket: agentSocket(first('identityagent'), path, env),
    logins: loginWays(settings),
    passwordPrompts: parseCount(first('numberofpasswordprompts'), PASSWORD_PROMPTS, fail),
    knownHostsFiles: [...userFiles, ...paths('globalknownhostsfile', GLOBAL_KNOWN_HOSTS)],
    newKeysFile: userFiles[0] ?? null,
    hashKnownHosts: first('hashknownhosts') === 'yes',
    refusesUnknownKeys: ['yes', 'true'].includes(first('stricthostkeychecking') ?? 'ask'),
    hostKeyAlias,
    hostKeyAlgorithms: isWhole(algorithms) ? algorithms.split(',') : null,
    connectTimeoutMs: parseTimeMs(first('connecttimeout'), CONNECT_TIMEOUT_MS, fail),
    aliveIntervalMs: Math.min(
      ALIVE_INTERVAL_MS,
      parseTimeMs(first('serveraliveinterval'), ALIVE_INTERVAL_MS, fail)
    ),
    aliveCountMax: parseCount(first('serveralivecountmax'), ALIVE_COUNT, fail),
    only: opensshOnly(settings, path),
    controlPath: optional(first('controlpath'), path),
    jumpNames: jumpNames(settings, tokens),
    notes: []
  };
}

/** A list that adds to the usual one, or takes from it, is whole only in the answer of `ssh -G`. */
const isWhole = (list: string | undefined): list is string =>
  list !== undefined && !/^[-+^]/.test(list);

const isSet = (value: string | undefined): value is string =>
  value !== undefined && value !== 'none';

const optional = (value: string | undefined, expand: (text: string) => string): string | null =>
  isSet(value) ? expand(value) : null;

function opensshOnly(settings: SshSettings, path: (text: string) => string): OpensshOnly {
  const first = (keyword: string): string | undefined => settings.get(keyword)?.[0];
  const command = (keyword: string): string | null => {
    const words = settings.get(keyword)?.join(' ');
    return isSet(words) ? words : null;
  };
  const isJumpFirst = isBefore(settings, 'proxyjump', 'proxycommand');
  return {
    certificateFiles: (settings.get('certificatefile') ?? []).filter(isSet).map(path),
    proxyCommand: isJumpFirst ? null : command('proxycommand'),
    pkcs11Provider: optional(first('pkcs11provider'), path),
    revokedHostKeys: optional(first('revokedhostkeys'), path),
    knownHostsCommand: command('knownhostscommand'),
    gssapi: first('gssapiauthentication') === 'yes',
    hostbased: first('hostbasedauthentication') === 'yes',
    bound: first('bindaddress') ?? first('bindinterface') ?? null,
    undecided: []
  };
}

/** Of the two ways through another host, the one that comes first counts. */
function isBefore(settings: SshSettings, one: string, other: string): boolean {
  const keywords = [...settings.keys()];
  const isHere = isSet(settings.get(one)?.[0]);
  const at = keywords.indexOf(other);
  return isHere && (at === -1 || keywords.indexOf(one) < at);
}

function jumpNames(settings: SshSettings, tokens: Record<string, string>): string[] {
  const value = settings.get('proxyjump')?.[0] ?? 'none';
  const isOverruled = isBefore(settings, 'proxycommand', 'proxyjump');
  return value === 'none' || isOverruled
    ? []
    : expandTokens(value, tokens)
        .split(',')
        .map(hop => hop.trim());
}

function loginWays(settings: SshSettings): LoginWay[] {
  const all = Object.keys(LOGIN_WAYS) as LoginWay[];
  const preferred = settings.get('preferredauthentications')?.[0]?.split(',');
  const named = preferred?.flatMap(name => all.filter(way => way === name.trim())) ?? all;
  const challenge = settings.get('challengeresponseauthentication')?.[0];
  return [...new Set(named)].filter(way => {
    const value = settings.get(LOGIN_WAYS[way])?.[0];
    const older = way === 'keyboard-interactive' ? challenge : undefined;
    return !['no', 'false'].includes(value ?? older ?? 'yes');
  });
}

function agentSocket(
  setting: string | undefined,
  path: (text: string) => string,
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
    : path(setting);
}

function tokensOf(host: {
  given: SshDestination;
  hostName: string;
  port: number;
  user: string;
  localUser: string;
  hostKeyAlias: string | undefined;
  home: string;
}): Record<string, string> {
  const local = hostname();
  const { given, hostName, port, user, localUser } = host;
  const connection = `${local}${hostName}${port}${user}`;
  return {
    '%d': host.home,
    '%h': hostName,
    '%n': given.host,
    '%k': host.hostKeyAlias ?? given.host,
    '%p': String(port),
    '%r': user,
    '%u': localUser,
    '%i': String(process.getuid?.() ?? ''),
    '%l': local,
    '%L': local.split('.')[0] ?? local,
    '%C': createHash('sha1').update(connection).digest('hex')
  };
}
