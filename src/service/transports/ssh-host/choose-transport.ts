import { execFile } from 'node:child_process';
import { SluiceError } from '../../../shared/errors';
import type { SshWay } from '../channel-source-options';
import { hasLiveMaster } from './live-master';
import type { SshHost } from './ssh-host';
import { needsOf, type TransportNeed } from './transport-needs';

/** How a host is reached, and why; `words` is null where nothing needs to be said. */
export type TransportChoice = { via: SshWay; words: string | null };

export type ChoiceOptions = {
  /** What the target says; null: it is chosen. */
  wanted: SshWay | null;
  /** Path of the SSH configuration; absent: the person's and the machine's. */
  sshConfig?: string;
  env: NodeJS.ProcessEnv;
};

/** All that the choice depends on. */
export type TransportFacts = {
  wanted: SshWay | null;
  /** Of the host and of each one on the way, with the name of which it is true. */
  needs: readonly (TransportNeed & { host: string })[];
  /** The person's own terminal is connected already. */
  hasMaster: boolean;
};

const TIMEOUT_MS = 5000;

/**
 * Choose the way to a host: the system's OpenSSH where it needs what ssh2 lacks, or where the person
 * is connected already; else ssh2.
 *
 * Errors: `openssh-missing` where it is needed and not installed; `config-invalid` where the target
 * wants ssh2, which would pass over what the configuration says.
 */
export async function chooseTransport(
  host: SshHost,
  options: ChoiceOptions
): Promise<TransportChoice> {
  const { wanted, env, sshConfig } = options;
  const choice = decideTransport(await readFacts(host, wanted, env));
  if (choice.via === 'openssh') {
    if (!(await hasOpenssh(env))) {
      const problem = choice.words ?? '';
      throw new SluiceError('openssh-missing', { host: host.alias, problem });
    }
    return choice;
  }
  if (choice.problem !== null) {
    const problem = `host “${host.alias}”: ${choice.problem}`;
    throw new SluiceError('config-invalid', { path: sshConfig ?? '~/.ssh/config', problem });
  }
  return { via: 'ssh2', words: choice.words };
}

async function readFacts(
  host: SshHost,
  wanted: SshWay | null,
  env: NodeJS.ProcessEnv
): Promise<TransportFacts> {
  if (wanted === 'openssh') {
    return { wanted, needs: [], hasMaster: false };
  }
  const hosts = [...host.jumps, host];
  const needs = hosts.map(async hop =>
    (await needsOf(hop, env)).map(need => ({ ...need, host: hop.alias }))
  );
  const hasMaster = wanted === null && (await hasLiveMaster(host.controlPath, env));
  return { wanted, needs: (await Promise.all(needs)).flat(), hasMaster };
}

/** The choice; `problem` says why what the target wants cannot be had. */
export function decideTransport(
  facts: TransportFacts
): TransportChoice & { problem: string | null } {
  const { wanted, needs, hasMaster } = facts;
  const inWords = (some: TransportFacts['needs']): string =>
    some.map(({ host, what }) => `${host} has ${what}`).join(', ');
  if (wanted === 'openssh') {
    return { via: 'openssh', words: 'its target has transport = "openssh"', problem: null };
  }
  if (wanted === 'ssh2') {
    const hard = needs.filter(need => need.isHard);
    const problem = `${inWords(hard)}, which transport = "ssh2" would pass over; take that line out of the target`;
    const words = 'its target has transport = "ssh2"';
    return { via: 'ssh2', words, problem: hard.length === 0 ? null : problem };
  }
  if (hasMaster) {
    const words = 'your own terminal is connected to it already (ssh -O check)';
    return { via: 'openssh', words, problem: null };
  }
  if (needs.length > 0) {
    return { via: 'openssh', words: inWords(needs), problem: null };
  }
  return { via: 'ssh2', words: null, problem: null };
}

function hasOpenssh(env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise(resolve => {
    execFile('ssh', ['-V'], { env, timeout: TIMEOUT_MS }, error => {
      resolve(error === null);
    });
  });
}
