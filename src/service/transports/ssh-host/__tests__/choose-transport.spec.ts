import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LoopbackSshd, makeKey, startSshd } from '../../../../testing/loopback-sshd';
import { waitUntil } from '../../../../testing/wait-until';
import type { SshWay } from '../../channel-source-options';
import { chooseTransport, decideTransport, type TransportFacts } from '../choose-transport';
import { resolveSshHost } from '../ssh-config';
import { keyType } from '../ssh-key-type';

jest.setTimeout(30_000);

const run = promisify(execFile);
const env = { PATH: process.env.PATH };

let folder: string;
let config: string;
let hostKey: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'choose-'));
  config = join(folder, 'config');
  hostKey = await makeKey(join(folder, 'plain'), 'ed25519');
  await makeKey(join(folder, 'locked'), 'ecdsa', 'a passphrase');
  await makeKey(join(folder, 'signed'), 'ed25519');
  await run('ssh-keygen', ['-q', '-s', join(folder, 'plain'), '-I', 'me', join(folder, 'signed')]);
  const type = Buffer.from('sk-ssh-ed25519@openssh.com');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  const blob = Buffer.concat([length, type]).toString('base64');
  await writeFile(join(folder, 'token.pub'), `${type.toString()} ${blob} me\n`);
  await writeFile(join(folder, 'authorities'), `@cert-authority *.site.org ${hostKey}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

async function choose(
  lines: string[],
  options: { host?: string; wanted?: SshWay | null; env?: NodeJS.ProcessEnv } = {}
) {
  const { host = 'c', wanted = null } = options;
  const own = ['UserKnownHostsFile none', 'GlobalKnownHostsFile none', 'IdentityFile none'];
  const text = [...lines, 'Host *', ...own].join('\n').replaceAll('{folder}', folder);
  await writeFile(config, `${text}\n`);
  const how = { ...env, ...options.env };
  const resolved = await resolveSshHost(host, { path: config, env: how });
  return chooseTransport(resolved, { wanted, sshConfig: config, env: how });
}

describe('the way to a host', () => {
  it.each<[string, string[], RegExp]>([
    ['ProxyCommand', ['ProxyCommand nc %h %p'], /c has ProxyCommand/],
    ['RevokedHostKeys', ['RevokedHostKeys /r'], /RevokedHostKeys/],
    ['KnownHostsCommand', ['KnownHostsCommand /bin/true'], /KnownHostsCommand/],
    ['HostbasedAuthentication', ['HostbasedAuthentication yes'], /HostbasedAuthentication/],
    ['BindAddress', ['BindAddress 127.0.0.1'], /BindAddress/],
    ['a token', ['PKCS11Provider /lib/p.so'], /PKCS11Provider/],
    ['a certificate', ['CertificateFile {folder}/x-cert.pub'], /a certificate .*x-cert\.pub/],
    ['a certificate beside its key', ['IdentityFile {folder}/signed'], /signed-cert\.pub/],
    ['a security key', ['IdentityFile {folder}/token'], /a security key .*token/],
    [
      'an authority',
      ['Host c', 'HostName c.site.org', 'UserKnownHostsFile {folder}/authorities'],
      /an authority .*authorities:1/
    ],
    ['a jump host that needs it', ['Host c', 'ProxyJump j', 'Host j', 'ProxyCommand nc'], /^j has/],
    [
      'no algorithm that ssh2 has',
      ['HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com'],
      /HostKey/
    ]
  ])('is OpenSSH’s with %s', async (_, lines, words) => {
    const choice = await choose(lines);
    expect(choice.via).toBe('openssh');
    expect(choice.words).toMatch(words);
  });

  it.each<[string, string[]]>([
    ['nothing', []],
    ['plain keys', ['IdentityFile {folder}/plain', 'IdentityFile {folder}/locked']],
    ['jump hosts', ['Host c', 'ProxyJump j']],
    ['an authority of others', ['UserKnownHostsFile {folder}/authorities']],
    ['a control path without a master', ['ControlPath {folder}/none']]
  ])('is built in with %s', async (_, lines) => {
    expect(await choose(lines)).toEqual({ via: 'ssh2', words: null });
  });

  it('is OpenSSH’s with GSSAPI where there is a ticket', async () => {
    const klist = async (status: number): Promise<NodeJS.ProcessEnv> => {
      const bin = await mkdtemp(join(folder, 'bin-'));
      await writeFile(join(bin, 'klist'), `#!/bin/sh\nexit ${status}\n`);
      await chmod(join(bin, 'klist'), 0o755);
      return { PATH: `${bin}:${env.PATH}` };
    };
    const lines = ['GSSAPIAuthentication yes'];
    expect(await choose(lines, { env: await klist(0) })).toMatchObject({ via: 'openssh' });
    expect(await choose(lines, { env: await klist(1) })).toMatchObject({ via: 'ssh2' });
    expect(await choose([], { env: await klist(0) })).toMatchObject({ via: 'ssh2' });
  });

  it('can be set, but not so that less is checked than the configuration says', async () => {
    expect(await choose([], { wanted: 'openssh' })).toMatchObject({ via: 'openssh' });
    const lines = ['IdentityFile {folder}/signed'];
    expect(await choose(lines, { wanted: 'ssh2' })).toMatchObject({ via: 'ssh2' });
    await expect(choose(['RevokedHostKeys /r'], { wanted: 'ssh2' })).rejects.toMatchObject({
      code: 'config-invalid',
      details: { problem: expect.stringContaining('c has RevokedHostKeys') as string }
    });
  });

  it.each([
    [['Match exec "true"', 'User me'], 'Match exec'],
    [['CanonicalizeHostname yes'], 'CanonicalizeHostname'],
    [['ProxyCommand nc'], 'ProxyCommand']
  ])('is told to be missing where there is no ssh, with %j', async (lines, problem) => {
    await expect(choose(lines, { env: { PATH: '/nowhere' } })).rejects.toMatchObject({
      code: 'openssh-missing',
      details: { host: 'c', problem: expect.stringContaining(problem) as string }
    });
  });

  it('is chosen from what is true alone', () => {
    const need = { host: 'c', what: 'ProxyCommand', isHard: true };
    const facts = (change: Partial<TransportFacts>): TransportFacts => ({
      wanted: null,
      needs: [],
      hasMaster: false,
      ...change
    });
    expect(decideTransport(facts({ hasMaster: true, needs: [need] }))).toMatchObject({
      via: 'openssh',
      words: expect.stringContaining('already') as string
    });
    expect(decideTransport(facts({ wanted: 'openssh', needs: [need] })).problem).toBeNull();
    expect(decideTransport(facts({ wanted: 'ssh2', needs: [need] })).problem).toMatch(/^c has/);
    const softNeed = { ...need, isHard: false };
    expect(decideTransport(facts({ wanted: 'ssh2', needs: [softNeed] })).problem).toBeNull();
  });
});

describe('a master of the person’s own', () => {
  let sshd: LoopbackSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  it('is used while it lives', async () => {
    const socket = join(folder, 'master');
    const lines = ['Host loopback', `ControlPath ${socket}`];
    const master = spawn(
      'ssh',
      ['-F', sshd.configPath, '-M', '-S', socket, '-N', '-o', 'BatchMode=yes', 'loopback'],
      { stdio: 'ignore' }
    );
    const gone = new Promise(resolve => master.once('exit', resolve));
    const via = async (): Promise<SshWay> => (await choose(lines, { host: 'loopback' })).via;
    try {
      await waitUntil('the master answers', async () => (await via()) === 'openssh');
    } finally {
      master.kill('SIGKILL');
      await gone;
    }
    // The socket stays behind.
    expect(await via()).toBe('ssh2');
  });

  it('is not waited for when it hangs', async () => {
    const socket = join(folder, 'hanging');
    const sockets: Socket[] = [];
    const server = createServer(connected => sockets.push(connected));
    await new Promise<void>(resolve => server.listen(socket, resolve));
    const lines = ['Host c', `ControlPath ${socket}`];
    expect((await choose(lines)).via).toBe('ssh2');
    expect(sockets).toHaveLength(1);
    sockets.forEach(connected => connected.destroy());
    await new Promise(resolve => server.close(resolve));
  });
});

describe('the type of a key', () => {
  it('is told without its passphrase', async () => {
    const read = (name: string): Promise<string> => readFile(join(folder, name), 'latin1');
    expect(keyType(await read('plain'))).toBe('ssh-ed25519');
    expect(keyType(await read('locked'))).toBe('ecdsa-sha2-nistp256');
    expect(keyType(await read('locked.pub'))).toBe('ecdsa-sha2-nistp256');
  });

  it.each([
    '',
    'nonsense',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END',
    '-----BEGIN RSA'
  ])('is not told of %j', text => {
    expect(keyType(text)).toBeNull();
  });
});
