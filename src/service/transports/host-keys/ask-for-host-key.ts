import { SluiceError } from '../../../shared/errors';
import {
  algorithmName,
  fingerprint,
  type HostKey,
  type KnownHostLine,
  relativesOf
} from './known-hosts';
import type { ILoginAttempt } from '../login/login-prompter';
import { keyNameOf, type SshHost } from '../ssh-host/ssh-host';

/**
 * Ask a person about the unknown key of a host; resolves when it was accepted.
 *
 * Errors: those of the attempt; `needs-login` says that it is about this key.
 */
export async function askForHostKey(
  key: HostKey,
  host: SshHost,
  lines: readonly KnownHostLine[],
  { attempt, signal }: { attempt: ILoginAttempt; signal: AbortSignal }
): Promise<void> {
  const shown = { algorithm: algorithmName(key), fingerprint: fingerprint(key) };
  const knownHosts = host.newKeysFile ?? 'nowhere (UserKnownHostsFile is none)';
  try {
    await attempt.ask(
      {
        host: host.alias,
        kind: 'host-key',
        text: wordsFor(key, host, lines),
        fields: [],
        hostKey: { ...shown, knownHosts }
      },
      signal
    );
  } catch (error) {
    throw error instanceof SluiceError && error.code === 'needs-login'
      ? aboutKey(error, { ...shown, knownHosts })
      : error;
  }
}

function aboutKey(error: SluiceError, shown: Record<string, string>): SluiceError {
  const key = `its host key is not known yet (${shown.algorithm}, ${shown.fingerprint})`;
  const problem = `${key}: ${String(error.details.problem)}`;
  return new SluiceError('needs-login', { ...error.details, ...shown, problem }, { cause: error });
}

/** What is known besides; empty when there is nothing. */
function wordsFor(key: HostKey, host: SshHost, lines: readonly KnownHostLine[]): string {
  const { sameKey, otherKey } = relativesOf(lines, keyNameOf(host), key);
  const at = ({ file, line }: KnownHostLine): string => `${file}:${line}`;
  const words = [
    sameKey === null ? null : `The same key is known under another name (${at(sameKey)}).`,
    otherKey === null ? null : `This host is known by another key on port 22 (${at(otherKey)}).`
  ];
  return words.filter(word => word !== null).join(' ');
}
