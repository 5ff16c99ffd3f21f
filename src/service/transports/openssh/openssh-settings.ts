import { SluiceError } from '../../../shared/errors';
import { askOpenssh } from './openssh-command';
import { opensshLoginError } from './openssh-words';
import { parseDestination } from '../ssh-host/ssh-destination';

/** What OpenSSH itself makes of the configuration for a host. */
export type OpensshSettings = {
  hostName: string;
  user: string;
  /** Where the person's own master would listen; null: nowhere. */
  controlPath: string | null;
  /** Where a new host key would be stored. */
  knownHosts: string;
  /** All files with host keys, here and for the hosts on the way. */
  knownHostsFiles: string[];
  /** Unknown host keys are refused without a question, here or for a host on the way. */
  isStrict: boolean;
  /** 0: not set. */
  aliveIntervalS: number;
  aliveCountMax: number;
  connectTimeoutS: number | null;
  /** Keywords that this version knows. */
  keywords: ReadonlySet<string>;
  /** What the person calls the hosts that OpenSSH will name: by host name. */
  aliases: ReadonlyMap<string, string>;
};

export type OpensshDestination = {
  target: string;
  /** As the person wrote it. */
  host: string;
  sshConfig?: string;
  env: NodeJS.ProcessEnv;
};

/** Ask `ssh -G`, also about the jump hosts, since what holds for them is decided there too. */
export async function readOpensshSettings(
  destination: OpensshDestination
): Promise<OpensshSettings> {
  const values = await ask(destination, destination.host);
  const jumps = jumpHosts(values.get('proxyjump'));
  const hops = await Promise.all(
    jumps.map(async hop => ({ hop, values: await ask(destination, hop) }))
  );
  const aliases = [
    ...hops.map(({ hop, values: of }) => [of.get('hostname') ?? hop, bareHost(hop)] as const),
    [values.get('hostname') ?? '', bareHost(destination.host)] as const
  ];
  const all = [values, ...hops.map(hop => hop.values)];
  return {
    ...settingsOf(values),
    isStrict: all.some(isStrict),
    aliases: new Map(aliases),
    knownHostsFiles: [...new Set(all.flatMap(knownHostsFiles))]
  };
}

/** Arguments that name the host; they come last but for a command. */
export function destinationArguments(host: string, sshConfig: string | undefined): string[] {
  const given = parseDestination(host);
  if (given === null) {
    const path = sshConfig ?? '~/.ssh/config';
    const problem = `host “${host}”: it is not of the form host, user@host or user@host:port`;
    throw new SluiceError('config-invalid', { path, problem });
  }
  const user = given.user === undefined ? [] : ['-l', given.user];
  const port = given.port === undefined ? [] : ['-p', String(given.port)];
  return [...user, ...port, '--', given.host];
}

async function ask(
  { target, sshConfig, env, host: named }: OpensshDestination,
  host: string
): Promise<Map<string, string>> {
  const file = sshConfig === undefined ? [] : ['-F', sshConfig];
  const args = ['-G', ...file, ...destinationArguments(host, sshConfig)];
  const { status, stdout, stderr } = await askOpenssh(args, { host: named, env });
  if (status === 0) {
    return parseAnswer(stdout);
  }
  const configPath = sshConfig ?? '~/.ssh/config';
  const context = {
    target,
    host: named,
    user: '',
    configPath,
    knownHosts: '',
    aliases: new Map<string, string>()
  };
  const error = opensshLoginError(stderr.split('\n'), context, status);
  const problem = String(error.details.problem ?? error.message);
  throw new SluiceError('config-invalid', { path: configPath, problem }, { cause: error.cause });
}

/** Lines of `keyword value`; of a repeated keyword the first one counts. */
export function parseAnswer(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (keyword !== undefined && value !== undefined && !values.has(keyword)) {
      values.set(keyword, value);
    }
  }
  return values;
}

const isStrict = (values: Map<string, string>): boolean =>
  ['yes', 'true'].includes(values.get('stricthostkeychecking') ?? '');

function settingsOf(
  values: Map<string, string>
): Omit<OpensshSettings, 'isStrict' | 'aliases' | 'knownHostsFiles'> {
  const number = (keyword: string): number | null => {
    const value = values.get(keyword);
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
  };
  const controlPath = values.get('controlpath') ?? 'none';
  return {
    hostName: values.get('hostname') ?? '',
    user: values.get('user') ?? '',
    controlPath: controlPath === 'none' ? null : controlPath,
    knownHosts: values.get('userknownhostsfile')?.split(' ')[0] ?? '~/.ssh/known_hosts',
    aliveIntervalS: number('serveraliveinterval') ?? 0,
    aliveCountMax: number('serveralivecountmax') ?? 3,
    connectTimeoutS: number('connecttimeout'),
    keywords: new Set(values.keys())
  };
}

const knownHostsFiles = (values: Map<string, string>): string[] =>
  ['userknownhostsfile', 'globalknownhostsfile'].flatMap(
    keyword => values.get(keyword)?.split(' ') ?? []
  );

const jumpHosts = (value: string | undefined): string[] =>
  value === undefined || value === 'none' ? [] : value.split(',').map(hop => hop.trim());

const bareHost = (host: string): string => parseDestination(host)?.host ?? host;
