import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '../../../../testing/loopback-agent';
import {
  freePort,
  type LoopbackSshd,
  makeKey,
  readPublicKey
} from '../../../../testing/loopback-sshd';
import { errorOf, outputOf, Ssh2Trial } from '../../../../testing/ssh2-trial';

jest.setTimeout(60_000);

const trial = new Ssh2Trial();
afterEach(() => trial.end());

describe('the host key', () => {
  it('waits for a person, with its fingerprint, when it is unknown', async () => {
    const sshd = await trial.sshd();
    await sshd.writeKnownHosts([]);
    const error = await errorOf(trial.transportTo(sshd.configPath));
    expect(error.code).toBe('needs-login');
    expect(error.details).toMatchObject({
      host: 'loopback',
      algorithm: 'ED25519',
      fingerprint: await sshd.fingerprint('ed25519'),
      knownHosts: sshd.knownHostsPath
    });
  });

  it('is refused with file and line when it has changed', async () => {
    const sshd = await trial.sshd();
    const other = await makeKey(join(sshd.folder, 'other'), 'ed25519');
    await sshd.writeKnownHosts(['# a comment', `[127.0.0.1]:${sshd.port} ${other}`]);
    const error = await errorOf(trial.transportTo(sshd.configPath));
    expect(error.code).toBe('host-key-changed');
    expect(error.details).toMatchObject({
      fingerprint: await sshd.fingerprint('ed25519'),
      knownHosts: sshd.knownHostsPath,
      line: 2
    });
  });

  it('is refused when it is revoked, although it is known', async () => {
    const sshd = await trial.sshd();
    const key = await sshd.hostKey('ed25519');
    await sshd.writeKnownHosts([`[127.0.0.1]:${sshd.port} ${key}`, `@revoked * ${key}`]);
    const error = await errorOf(trial.transportTo(sshd.configPath));
    expect(error.code).toBe('host-key-revoked');
    expect(error.details).toMatchObject({ line: 2 });
  });

  it('is asked for in the algorithm by which the host is known', async () => {
    const sshd = await trial.sshd({ hostKeys: ['ed25519', 'ecdsa'] });
    await sshd.writeKnownHosts([`[127.0.0.1]:${sshd.port} ${await sshd.hostKey('ecdsa')}`]);
    expect(await outputOf(trial.transportTo(sshd.configPath))).toBe('reached');
  });

  it('is not excused by StrictHostKeyChecking no', async () => {
    const sshd = await trial.sshd({ clientLines: ['StrictHostKeyChecking no'] });
    await sshd.writeKnownHosts([]);
    expect((await errorOf(trial.transportTo(sshd.configPath))).code).toBe('needs-login');
  });

  it('is refused when it is unknown and StrictHostKeyChecking is yes', async () => {
    const sshd = await trial.sshd({ clientLines: ['StrictHostKeyChecking yes'] });
    await sshd.writeKnownHosts([]);
    expect((await errorOf(trial.transportTo(sshd.configPath))).code).toBe('host-key-unknown');
  });

  it('may be accepted by the person, and is then looked up anew', async () => {
    const sshd = await trial.sshd();
    let nowMs = 0;
    const transport = trial.transportTo(sshd.configPath, { nowMs: () => nowMs });
    await sshd.writeKnownHosts([]);
    await errorOf(transport);
    await appendFile(
      sshd.knownHostsPath,
      `[127.0.0.1]:${sshd.port} ${await sshd.hostKey('ed25519')}\n`
    );
    nowMs += 1000;
    expect(await outputOf(transport)).toBe('reached');
  });
});

describe('the login', () => {
  const user = userInfo().username;

  it('is refused with what was tried', async () => {
    const sshd = await trial.sshd();
    await makeKey(join(sshd.folder, 'stranger'), 'ed25519');
    await replaceIdentity(sshd, 'stranger');
    const error = await errorOf(trial.transportTo(sshd.configPath));
    expect(error.code).toBe('authentication-refused');
    expect(error.details).toMatchObject({ host: 'loopback', user });
    expect(error.message).toContain(join(sshd.folder, 'stranger'));
  });

  it('names ssh-add for a key with a passphrase that the agent lacks', async () => {
    const sshd = await trial.sshd();
    const path = join(sshd.folder, 'locked');
    await makeKey(path, 'ed25519', 'a secret phrase');
    await replaceIdentity(sshd, 'locked');
    const error = await errorOf(trial.transportTo(sshd.configPath));
    expect(error.code).toBe('authentication-refused');
    expect(error.message).toContain(`run \`ssh-add ${path}\``);
  });

  it('waits for a person when the host wants something else than a key', async () => {
    const sshd = await trial.sshd({
      lines: ['PasswordAuthentication yes', 'PubkeyAuthentication no']
    });
    const error = await errorOf(trial.transportTo(sshd.configPath));
    expect(error).toMatchObject({ code: 'needs-login', details: { host: 'loopback' } });
  });

  it('says when the configuration allows none of the host’s ways', async () => {
    const sshd = await trial.sshd({
      lines: ['PasswordAuthentication yes', 'AuthenticationMethods publickey,password'],
      clientLines: ['PreferredAuthentications publickey']
    });
    const error = await errorOf(trial.transportTo(sshd.configPath));
    expect(error.code).toBe('authentication-refused');
    expect(error.message).toContain('asks for more (password)');
  });

  it('uses a key that only the agent has', async () => {
    const sshd = await trial.sshd();
    const agent = await startAgent([sshd.clientKeyPath]);
    trial.onEnd(() => agent.stop());
    await rm(sshd.clientKeyPath);
    await useAgent(sshd, agent.socket);
    expect(await outputOf(trial.transportTo(sshd.configPath))).toBe('reached');
  });

  it('shows the agent’s right key first, although there are too many', async () => {
    const sshd = await trial.sshd({ lines: ['MaxAuthTries 3'] });
    const others = ['a', 'b', 'c', 'd', 'e'].map(name => join(sshd.folder, name));
    await Promise.all(others.map(path => makeKey(path, 'ed25519')));
    const agent = await startAgent([...others, sshd.clientKeyPath]);
    trial.onEnd(() => agent.stop());
    await rm(sshd.clientKeyPath);
    await useAgent(sshd, agent.socket);
    expect(await outputOf(trial.transportTo(sshd.configPath))).toBe('reached');
  });

  it('shows no other key of the agent with IdentitiesOnly', async () => {
    const sshd = await trial.sshd({ clientLines: ['IdentitiesOnly yes'] });
    const agent = await startAgent([sshd.clientKeyPath]);
    trial.onEnd(() => agent.stop());
    await rm(sshd.clientKeyPath);
    await rm(`${sshd.clientKeyPath}.pub`);
    await useAgent(sshd, agent.socket);
    expect((await errorOf(trial.transportTo(sshd.configPath))).code).toBe('authentication-refused');
  });

  it('goes on to key files when the agent is gone', async () => {
    const sshd = await trial.sshd();
    await useAgent(sshd, join(sshd.folder, 'no-agent'));
    expect(await outputOf(trial.transportTo(sshd.configPath))).toBe('reached');
  });

  it('is not repeated before its time after a refusal', async () => {
    const sshd = await trial.sshd();
    let nowMs = 0;
    const transport = trial.transportTo(sshd.configPath, { nowMs: () => nowMs });
    const identity = join(sshd.folder, 'authorized_keys');
    await writeFile(identity, '');
    const first = await errorOf(transport);
    await writeFile(identity, `${await readPublicKey(sshd.clientKeyPath)}\n`);
    nowMs = 14_999;
    expect(await errorOf(transport)).toBe(first);
    nowMs = 15_000;
    expect(await outputOf(transport)).toBe('reached');
  });
});

describe('the way', () => {
  it('is refused where nothing listens', async () => {
    const port = await freePort();
    const error = await errorOf(trial.transportTo('/dev/null', { host: `127.0.0.1:${port}` }));
    expect(error).toMatchObject({ code: 'host-unreachable', details: { target: 'test' } });
    expect(error.message).toContain('nothing answers on that port');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is not found for a name that does not exist', async () => {
    const error = await errorOf(trial.transportTo('/dev/null', { host: 'no-such-host.invalid' }));
    expect(error.code).toBe('host-unreachable');
    expect(error.message).toMatch(/name/);
  });

  it.each([
    ['says nothing', () => undefined, 'took the connection and said nothing for 1 s'],
    ['hangs up', (socket: Socket) => socket.end(), 'closed the connection during the login'],
    [
      'resets',
      (socket: Socket) => socket.resetAndDestroy(),
      'closed the connection during the login'
    ],
    ['speaks another language', (socket: Socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'), '']
  ])('is unreachable when the host %s', async (_, answer, words) => {
    const { port, close } = await listen(answer);
    trial.onEnd(close);
    const folder = await mkdtemp(join(tmpdir(), 'way-'));
    trial.onEnd(() => rm(folder, { recursive: true }));
    const config = join(folder, 'config');
    await writeFile(config, 'ConnectTimeout 1\n');
    const error = await errorOf(trial.transportTo(config, { host: `127.0.0.1:${port}` }));
    expect(error.code).toBe('host-unreachable');
    expect(error.message).toContain(words);
  });

  it('goes over jump hosts, each checked by its own key', async () => {
    const jump = await trial.sshd();
    const sshd = await trial.sshd({ clientLines: [`ProxyJump jump`] });
    const jumpLines = [
      'Host jump',
      'HostName 127.0.0.1',
      `Port ${jump.port}`,
      `IdentityFile ${jump.clientKeyPath}`,
      'IdentityAgent none',
      `UserKnownHostsFile ${jump.knownHostsPath}`
    ];
    await appendFile(sshd.configPath, `${jumpLines.join('\n')}\n`);
    const transport = trial.transportTo(sshd.configPath);
    expect(await outputOf(transport)).toBe('reached');
    await transport.close();
    await jump.writeKnownHosts([]);
    const error = await errorOf(transport);
    expect(error).toMatchObject({ code: 'needs-login', details: { host: 'jump' } });
  });

  it('is shared by first calls at once', async () => {
    const sshd = await trial.sshd();
    const transport = trial.transportTo(sshd.configPath);
    const script = 'echo "$SSH_CONNECTION"';
    const ports = await Promise.all(Array.from({ length: 6 }, () => outputOf(transport, script)));
    expect(new Set(ports).size).toBe(1);
  });
});

async function replaceIdentity(sshd: LoopbackSshd, name: string): Promise<void> {
  await editConfig(sshd, config => config.replace(sshd.clientKeyPath, join(sshd.folder, name)));
}

async function useAgent(sshd: LoopbackSshd, socket: string): Promise<void> {
  await editConfig(sshd, config => config.replace('IdentityAgent none', `IdentityAgent ${socket}`));
}

async function editConfig(sshd: LoopbackSshd, edit: (text: string) => string): Promise<void> {
  await writeFile(sshd.configPath, edit(await readFile(sshd.configPath, 'utf8')));
}

async function listen(
  answer: (socket: Socket) => unknown
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => undefined));
    answer(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = async (): Promise<void> => {
    sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => server.close(resolve));
  };
  return { port, close };
}
