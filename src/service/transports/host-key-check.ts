import { readFile } from 'node:fs/promises';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { SluiceError } from '../../shared/errors';
import {
  algorithmName,
  fingerprint,
  type HostKey,
  hostKeyVerdict,
  type HostName,
  knownKeyTypes,
  type KnownHostLine,
  lookupName,
  parseHostKey,
  parseKnownHosts
} from './known-hosts';
import type { ILoginAttempt } from './login-prompter';
import type { SshHost } from './ssh-config';

// As OpenSSH has them; ssh-rsa (SHA-1) is left out there too.
const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256'
];

/** The check of one host's key, with what known_hosts says at the time of the login. */
export type HostKeyCheck = {
  /** What to ask the host for: those by which it is known come first. */
  algorithms: ServerHostKeyAlgorithm[];
  /**
   * Null when the login may go on, else why it may not. An unknown key is asked about through the
   * attempt, and stored when the person accepts it. Rejects with the signal's reason.
   */
  verify(blob: Buffer, attempt: ILoginAttempt, signal: AbortSignal): Promise<SluiceError | null>;
};

/** Read known_hosts for a host. There is no way to do without it. */
export async function prepareHostKeyCheck(host: SshHost): Promise<HostKeyCheck> {
  const lines = (await Promise.all(host.knownHostsFiles.map(readLines))).flat();
  const name: HostName = { name: host.hostName, port: host.port, alias: host.hostKeyAlias };
  return {
    algorithms: orderAlgorithms(knownKeyTypes(lines, name)),
    verify: (blob, _attempt, _signal) =>
      Promise.resolve(refusal(lines, name, parseHostKey(blob), host))
  };
}

async function readLines(file: string): Promise<KnownHostLine[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    const problem = (error as Error).message;
    throw new SluiceError('config-invalid', { path: file, problem }, { cause: error });
  }
}

/** A host known by one type of key must not be asked for another, under which it is unknown. */
export function orderAlgorithms(knownTypes: readonly string[]): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean =>
    knownTypes.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [
    ...HOST_KEY_ALGORITHMS.filter(isKnown),
    ...HOST_KEY_ALGORITHMS.filter(algorithm => !isKnown(algorithm))
  ];
}

function refusal(
  lines: readonly KnownHostLine[],
  name: HostName,
  key: HostKey | null,
  host: SshHost
): SluiceError | null {
  if (key === null) {
    const problem = 'it showed a host key that cannot be read';
    return new SluiceError('host-unreachable', { target: host.alias, host: host.alias, problem });
  }
  const shown = {
    host: host.alias,
    lookup: lookupName(name),
    algorithm: algorithmName(key),
    fingerprint: fingerprint(key)
  };
  const answer = hostKeyVerdict(lines, name, key);
  switch (answer.verdict) {
    case 'known':
      return null;
    case 'unknown': {
      const knownHosts = host.knownHostsFiles[0] ?? '~/.ssh/known_hosts';
      return new SluiceError('host-key-unknown', { ...shown, knownHosts });
    }
    case 'changed':
    case 'revoked': {
      const { file, line } = answer.line;
      const code = answer.verdict === 'changed' ? 'host-key-changed' : 'host-key-revoked';
      return new SluiceError(code, { ...shown, knownHosts: file, line });
    }
  }
}
