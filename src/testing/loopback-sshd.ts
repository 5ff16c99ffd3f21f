import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

export type SshdOptions = {
  /** Lines for sshd_config; they come first, and the first value of a keyword counts. */
  lines?: string[];
  /** A shell script that runs in place of each command. */
  forceCommand?: string;
  hostKeys?: KeyType[];
  /** Lines for the client's configuration of the host. */
  clientLines?: string[];
};

/** A real sshd on loopback for this user, with keys and a client configuration of its own. */
export type LoopbackSshd = {
  port: number;
  folder: string;
  /** Client configuration with the host `loopback`. */
  configPath: string;
  knownHostsPath: string;
  clientKeyPath: string;
  /** A host's public key as `type base64`. */
  hostKey(type: KeyType): Promise<string>;
  /** A host key's fingerprint, as ssh-keygen prints it. */
  fingerprint(type: KeyType): Promise<string>;
  writeKnownHosts(lines: string[]): Promise<void>;
  stop(): Promise<void>;
};

/** Make a key pair; returns its public part as `type base64`. */
export async function makeKey(path: string, type: KeyType, passphrase = ''): Promise<string> {
  await run('ssh-keygen', [
    '-q',
    '-t',
    type,
    '-N',
    passphrase,
    '-C',
    'made for a test',
    '-f',
    path
  ]);
  return readPublicKey(path);
}

/** The public part of a key file as `type base64`. */
export async function readPublicKey(path: string): Promise<string> {
  const [type, base64] = (await readFile(`${path}.pub`, 'utf8')).split(' ');
  return `${type} ${base64}`;
}

/** A port that nothing listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Start an sshd; it listens when the promise resolves. */
export async function startSshd(options: SshdOptions = {}): Promise<LoopbackSshd> {
  const { lines = [], forceCommand, hostKeys = ['ed25519'], clientLines = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'sshd-'));
  const port = await freePort();
  const at = (name: string): string => join(folder, name);
  const hostKeyPath = (type: KeyType): string => at(`host_${type}`);
  for (const type of hostKeys) {
    await makeKey(hostKeyPath(type), type);
  }
  await writeFile(at('authorized_keys'), `${await makeKey(at('client'), 'ed25519')}\n`);
  const forced = forceCommand === undefined ? [] : [`ForceCommand /bin/sh ${at('forced')}`];
  await writeFile(at('forced'), forceCommand ?? '');
  await writeFile(
    at('sshd_config'),
    sshdConfig(folder, port, [...lines, ...forced], hostKeys.map(hostKeyPath))
  );
  await writeFile(at('config'), clientConfig(folder, port, clientLines));
  const writeKnownHosts = (known: string[]): Promise<void> =>
    writeFile(at('known_hosts'), known.map(line => `${line}\n`).join(''));
  const publicKeys = await Promise.all(hostKeys.map(type => readPublicKey(hostKeyPath(type))));
  await writeKnownHosts(publicKeys.map(key => `[127.0.0.1]:${port} ${key}`));
  const kill = await launch(at('sshd_config'));
  return {
    port,
    folder,
    configPath: at('config'),
    knownHostsPath: at('known_hosts'),
    clientKeyPath: at('client'),
    hostKey: type => readPublicKey(hostKeyPath(type)),
    fingerprint: async type =>
      (await run('ssh-keygen', ['-l', '-f', hostKeyPath(type)])).stdout.split(' ')[1] ?? '',
    writeKnownHosts,
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true });
    }
  };
}

function sshdConfig(folder: string, port: number, lines: string[], hostKeys: string[]): string {
  return [
    ...lines,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map(path => `HostKey ${path}`),
    'PidFile none',
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    ''
  ].join('\n');
}

function clientConfig(folder: string, port: number, lines: string[]): string {
  return [
    'Host loopback',
    ...lines,
    'HostName 127.0.0.1',
    `Port ${port}`,
    `User ${userInfo().username}`,
    `IdentityFile ${folder}/client`,
    'IdentityAgent none',
    `UserKnownHostsFile ${folder}/known_hosts`,
    'GlobalKnownHostsFile none',
    ''
  ].join('\n');
}

async function launch(config: string): Promise<() => Promise<void>> {
  if (process.getuid?.() === 0) {
    // sshd wants it when it is started by root, and the package makes it only at boot.
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  }
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe']
  });
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`sshd did not start: ${said.join('\n')}`)));
    createInterface({ input: child.stderr }).on('line', line => {
      said.push(line);
      if (line.includes('Server listening')) {
        resolve();
      }
    });
  });
  return async () => {
    child.kill('SIGKILL');
    await exited;
  };
}
