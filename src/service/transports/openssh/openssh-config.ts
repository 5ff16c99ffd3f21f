import type { OpensshSettings } from './openssh-settings';

const ALIVE_INTERVAL_S = 14;
const ALIVE_COUNT_MAX = 2;
const CONNECT_TIMEOUT_S = 20;

/**
 * The lines that hold whatever the person's configuration says; the first value of a keyword counts,
 * so they stand before it. In a file, since only a file also reaches the jump hosts.
 */
export function opensshHeader(settings: OpensshSettings): string[] {
  const { aliveIntervalS: interval, aliveCountMax, connectTimeoutS, keywords } = settings;
  const isSet = interval > 0;
  return [
    `StrictHostKeyChecking ${settings.isStrict ? 'yes' : 'ask'}`,
    'NoHostAuthenticationForLocalhost no',
    'ForwardAgent no',
    'ForwardX11 no',
    'Tunnel no',
    'ClearAllForwardings yes',
    'PermitLocalCommand no',
    'RemoteCommand none',
    'RequestTTY no',
    'EscapeChar none',
    'ControlMaster no',
    'ControlPersist no',
    // A second try would send the same one-time code again.
    'NumberOfPasswordPrompts 1',
    `ServerAliveInterval ${isSet ? Math.min(interval, ALIVE_INTERVAL_S) : ALIVE_INTERVAL_S}`,
    `ServerAliveCountMax ${isSet ? Math.min(aliveCountMax, ALIVE_COUNT_MAX) : ALIVE_COUNT_MAX}`,
    ...(connectTimeoutS === null ? [`ConnectTimeout ${CONNECT_TIMEOUT_S}`] : []),
    // Older versions refuse keywords that they do not know.
    ...(keywords.has('forkafterauthentication') ? ['ForkAfterAuthentication no'] : [])
  ];
}

/** The person's and the machine's configuration, as OpenSSH reads them when none is named. */
export const STANDARD_CONFIG = ['Include ~/.ssh/config', 'Include /etc/ssh/ssh_config'];

/**
 * Faults in a copied configuration as if they were told of the original: its path, and its lines
 * without those put before.
 */
export function inOriginalWords(
  text: string,
  copy: { path: string; original: string; headerLines: number }
): string {
  const { path, original, headerLines } = copy;
  return text
    .split('\n')
    .map(line =>
      line.includes(path)
        ? line
            .replaceAll(path, original)
            .replace(/\bline (\d+)/, (_, number: string) => `line ${Number(number) - headerLines}`)
        : line
    )
    .join('\n');
}
