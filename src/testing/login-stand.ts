import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type LoopbackAgent, startAgent } from './loopback-agent';
import { type LoopbackSshd, makeKey, type SshdOptions, startSshd } from './loopback-sshd';
import {
  startTwoFactorServer,
  type TwoFactorOptions,
  type TwoFactorServer
} from './two-factor-server';

/** A host of the client's configuration. */
export type StandHost = {
  port: number;
  /** Absent: 127.0.0.1. */
  hostName?: string;
  /** As `type base64`. */
  hostKey: string;
  /** Key files, in their order. */
  keys?: readonly string[];
  agent?: LoopbackAgent;
  jump?: string;
  lines?: readonly string[];
};

/** Real hosts on loopback and one client configuration that knows them; ends all that it started. */
export class LoginStand {
  readonly #ends: (() => Promise<void>)[] = [];

  private constructor(readonly folder: string) {}

  static async create(): Promise<LoginStand> {
    const stand = new LoginStand(await mkdtemp(join(tmpdir(), 'logins-')));
    await Promise.all([writeFile(stand.configPath, ''), writeFile(stand.knownHostsPath, '')]);
    return stand;
  }

  get configPath(): string {
    return join(this.folder, 'config');
  }

  get knownHostsPath(): string {
    return join(this.folder, 'known_hosts');
  }

  /** End it with the others, the last one first. */
  onEnd(end: () => Promise<void>): void {
    this.#ends.unshift(end);
  }

  async sshd(options?: SshdOptions): Promise<LoopbackSshd> {
    const sshd = await startSshd(options);
    this.onEnd(() => sshd.stop());
    return sshd;
  }

  async twoFactor(options: TwoFactorOptions): Promise<TwoFactorServer> {
    const server = await startTwoFactorServer(options);
    this.onEnd(() => server.stop());
    return server;
  }

  /** Make a key; returns its path and its public part as `type base64`. */
  async key(
    name: string,
    options: { type?: 'ed25519' | 'ecdsa' | 'rsa'; passphrase?: string } = {}
  ): Promise<{ path: string; publicKey: string }> {
    const path = join(this.folder, name);
    const { type = 'ed25519', passphrase = '' } = options;
    return { path, publicKey: await makeKey(path, type, passphrase) };
  }

  async agent(keyPaths: readonly string[]): Promise<LoopbackAgent> {
    const agent = await startAgent(keyPaths);
    this.onEnd(() => agent.stop());
    return agent;
  }

  /** Add a host to the client's configuration, and its key to known_hosts unless that says otherwise. */
  async host(alias: string, host: StandHost, known?: readonly string[]): Promise<void> {
    const { port, hostName = '127.0.0.1', hostKey, keys = [], agent, jump, lines = [] } = host;
    await this.#append(this.configPath, [
      `Host ${alias}`,
      ...lines,
      `HostName ${hostName}`,
      `Port ${port}`,
      `User ${userInfo().username}`,
      ...(keys.length === 0 ? ['IdentityFile none'] : keys.map(path => `IdentityFile ${path}`)),
      `IdentityAgent ${agent?.socket ?? 'none'}`,
      ...(jump === undefined ? [] : [`ProxyJump ${jump}`]),
      `UserKnownHostsFile ${this.knownHostsPath}`,
      'GlobalKnownHostsFile none'
    ]);
    await this.#append(this.knownHostsPath, known ?? [`[${hostName}]:${port} ${hostKey}`]);
  }

  /** End all, and remove what was made. */
  async end(): Promise<void> {
    for (const end of this.#ends.splice(0)) {
      await end();
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #append(path: string, lines: readonly string[]): Promise<void> {
    const before = await readFile(path, 'utf8');
    await writeFile(path, before + lines.map(line => `${line}\n`).join(''));
  }
}
