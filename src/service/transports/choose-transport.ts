import type { SshWay } from './channel-source-options';
import type { SshHost } from './ssh-config';

/** How a host is reached, and why; `words` is null where nothing needs to be said. */
export type TransportChoice = { via: SshWay; words: string | null };

export type ChoiceOptions = {
  /** What the target says; null: it is chosen. */
  wanted: SshWay | null;
  /** Path of the SSH configuration; absent: the person's and the machine's. */
  sshConfig?: string;
  env: NodeJS.ProcessEnv;
};

/**
 * Choose the way to a host: the system's OpenSSH where it needs what ssh2 lacks, or where the person
 * is connected already; else ssh2.
 *
 * Errors: `openssh-missing` where it is needed and not installed.
 */
export function chooseTransport(_host: SshHost, options: ChoiceOptions): Promise<TransportChoice> {
  const { wanted } = options;
  const words = wanted === null ? null : 'the target says so';
  return Promise.resolve({ via: wanted ?? 'ssh2', words });
}
