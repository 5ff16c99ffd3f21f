import { readFile } from 'node:fs/promises';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { SluiceError } from '../../../shared/errors';
import { askForHostKey } from './ask-for-host-key';
import {
  algorithmName,
  fingerprint,
  type HostKey,
  hostKeyVerdict,
  knownKeyTypes,
  type KnownHostLine,
  lookupName,
  parseHostKey,
  parseKnownHosts
} from './known-hosts';
import type { ILoginAttempt } from '../login/login-prompter';
import { keyNameOf, type SshHost } from '../ssh-host/ssh-host';
import { storeHostKey } from './store-host-key';

// As OpenSSH has them; ssh-rsa (SHA-1) is left out there too.
const USUAL: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256'
];

const POSSIBLE: readonly ServerHostKeyAlgorithm[] = [...USUAL, 'ssh-rsa'];

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
  const lines = await readKnownHosts(host);
  const allowed = possibleAlgorithms(host.hostKeyAlgorithms);
  if (allowed.length === 0) {
    const problem = `host “${host.alias}”: HostKeyAlgorithms names none that Sluice’s own SSH has`;
    throw new SluiceError('config-invalid', { path: '~/.ssh/config', problem });
  }
  return {
    algorithms: orderAlgorithms(knownKeyTypes(lines, keyNameOf(host)), allowed),
    verify: async (blob, attempt, signal) => {
      try {
        await verify(parseHostKey(blob), host, lines, { attempt, signal });
        return null;
      } catch (error) {
        if (error instanceof SluiceError) {
          return error;
        }
        throw error;
      }
    }
  };
}

/** The lines of all known_hosts files of a host; a missing file is as good as an empty one. */
export async function readKnownHosts(host: SshHost): Promise<KnownHostLine[]> {
  return (await Promise.all(host.knownHostsFiles.map(readLines))).flat();
}

async function readLines(file: string): Promise<KnownHostLine[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return [];
    }
    const problem = (error as Error).message;
    throw new SluiceError('config-invalid', { path: file, problem }, { cause: error });
  }
}

/** Those of the wanted algorithms that can be had here, the wanted order kept. */
export function possibleAlgorithms(wanted: readonly string[] | null): ServerHostKeyAlgorithm[] {
  const names = wanted ?? USUAL;
  return names.flatMap(name => POSSIBLE.filter(possible => possible === name));
}

/** A host known by one type of key must not be asked for another, under which it is unknown. */
export function orderAlgorithms(
  knownTypes: readonly string[],
  allowed: readonly ServerHostKeyAlgorithm[] = USUAL
): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean =>
    knownTypes.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [...allowed.filter(isKnown), ...allowed.filter(algorithm => !isKnown(algorithm))];
}

/** Resolves when the key is known by now; rejects with the reason when it is not. */
async function verify(
  key: HostKey | null,
  host: SshHost,
  lines: readonly KnownHostLine[],
  asking: { attempt: ILoginAttempt; signal: AbortSignal }
): Promise<void> {
  if (key === null) {
    const problem = 'it showed a host key that cannot be read';
    throw new SluiceError('host-unreachable', { target: host.alias, host: host.alias, problem });
  }
  if (isKnown(key, host, lines)) {
    return;
  }
  if (host.refusesUnknownKeys) {
    throw refusal('host-key-unknown', key, host);
  }
  await askForHostKey(key, host, lines, asking);
  // The files may have changed while the person looked at it, also through another login.
  if (!isKnown(key, host, await readKnownHosts(host)) && host.newKeysFile !== null) {
    const name = lookupName(keyNameOf(host));
    await storeHostKey(host.newKeysFile, name, key, host.hashKnownHosts);
  }
}

/** Whether the key is known or not; throws for one that must not be accepted. */
function isKnown(key: HostKey, host: SshHost, lines: readonly KnownHostLine[]): boolean {
  const answer = hostKeyVerdict(lines, keyNameOf(host), key);
  switch (answer.verdict) {
    case 'known':
      return true;
    case 'unknown':
      return false;
    case 'changed':
      throw refusal('host-key-changed', key, host, answer.line);
    case 'revoked':
      throw refusal('host-key-revoked', key, host, answer.line);
  }
}

function refusal(
  code: 'host-key-unknown' | 'host-key-changed' | 'host-key-revoked',
  key: HostKey,
  host: SshHost,
  line?: KnownHostLine
): SluiceError {
  return new SluiceError(code, {
    host: host.alias,
    lookup: lookupName(keyNameOf(host)),
    algorithm: algorithmName(key),
    fingerprint: fingerprint(key),
    knownHosts: line?.file ?? host.newKeysFile ?? '~/.ssh/known_hosts',
    line: line?.line ?? null
  });
}
