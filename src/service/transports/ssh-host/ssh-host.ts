import type { HostName } from '../host-keys/known-hosts';

/** The ways to log in that Sluice knows, in the words of OpenSSH. */
export type LoginWay = 'publickey' | 'keyboard-interactive' | 'password';

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
  /** Ways to log in that may be tried, the preferred one first. */
  logins: LoginWay[];
  /** How often a password may be asked for in one login. */
  passwordPrompts: number;
  /** The person's files first. */
  knownHostsFiles: string[];
  /** Where a new key is stored; null: nowhere. */
  newKeysFile: string | null;
  hashKnownHosts: boolean;
  /** An unknown key is refused, and nobody is asked. */
  refusesUnknownKeys: boolean;
  hostKeyAlias?: string;
  /** The algorithms that may be used; null: those that are usual. */
  hostKeyAlgorithms: string[] | null;
  connectTimeoutMs: number;
  aliveIntervalMs: number;
  aliveCountMax: number;
  /** The hosts to go through, the first one first. */
  jumps: SshHost[];
  /** What the system's OpenSSH alone can do. */
  only: OpensshOnly;
  /** The socket of the person's own shared connection; it need not exist. */
  controlPath: string | null;
  /** What the configuration says and cannot be followed here; a login may fail for it. */
  notes: string[];
};

/** Settings that ssh2 cannot follow. */
export type OpensshOnly = {
  certificateFiles: string[];
  proxyCommand: string | null;
  pkcs11Provider: string | null;
  revokedHostKeys: string | null;
  knownHostsCommand: string | null;
  gssapi: boolean;
  hostbased: boolean;
  /** The address or interface from which to connect. */
  bound: string | null;
  /** What the configuration says and only OpenSSH can decide; none where `ssh` was asked. */
  undecided: string[];
};

/** What a host is called in known_hosts. */
export const keyNameOf = (host: SshHost): HostName => ({
  name: host.hostName,
  port: host.port,
  alias: host.hostKeyAlias
});
