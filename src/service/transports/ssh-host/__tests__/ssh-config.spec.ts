import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolveSshHost } from '../ssh-config';
import { parseDestination } from '../ssh-destination';
import type { LoginWay } from '../ssh-host';

const run = promisify(execFile);

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssh-config-'));
  path = join(folder, 'config');
  await mkdir(join(folder, 'parts'));
  await writeFile(join(folder, 'parts', '10-first.conf'), 'Host included\n  Port 2010\n');
  await writeFile(
    join(folder, 'parts', '20-second.conf'),
    'Host included\n  Port 2020\n  User second\n'
  );
  await writeFile(join(folder, 'parts', 'ignored.txt'), 'User nobody\n');
  await writeFile(join(folder, 'inner'), 'HostName inner.site.org\n');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

// Where no `ssh` is found, the configuration is read by Sluice itself.
const WAYS = { 'by ssh': { PATH: process.env.PATH }, 'by itself': { PATH: '/nowhere' } };

/** The same question to the ssh binary. */
async function askSsh(destination: string): Promise<Map<string, string[]>> {
  const { stdout } = await run('ssh', ['-G', '-F', path, destination]);
  const answers = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const [keyword = '', ...value] = line.split(' ');
    answers.set(keyword, [...(answers.get(keyword) ?? []), value.join(' ')]);
  }
  return answers;
}

const CONFIGS: [name: string, lines: string[], destination: string][] = [
  ['nothing', [], 'plain'],
  ['an alias', ['Host cluster', 'HostName login.site.org', 'User me', 'Port 2200'], 'cluster'],
  ['a user with the name', ['Host cluster', 'User me'], 'you@cluster'],
  ['the first value', ['Host cluster', 'Port 1111', 'Host *', 'Port 2222'], 'cluster'],
  ['a pattern', ['Host *.site.org', 'User me'], 'login.site.org'],
  ['a question mark', ['Host login?', 'User me'], 'login1'],
  ['a question mark without a character', ['Host login?', 'User me'], 'login'],
  ['a negated pattern', ['Host *.org !bad.org', 'User me'], 'bad.org'],
  ['several names', ['Host one two', 'User me'], 'two'],
  ['capitals in keywords', ['HOST cluster', 'hostname A.org', 'USER me'], 'cluster'],
  ['an equals sign', ['Host=cluster', 'Port=2222', 'User = me'], 'cluster'],
  ['quotes', ['Host "cluster"', 'User "me"', 'IdentityFile "/a key"'], 'cluster'],
  ['comments', ['# Host cluster', 'Host cluster # mine', 'User me # not you'], 'cluster'],
  ['the name in HostName', ['Host c1', 'HostName %h.site.org'], 'c1'],
  [
    'several keys',
    ['IdentityFile /a', 'Host c', 'IdentityFile ~/b', 'IdentityFile /%r-%h-%p'],
    'c'
  ],
  ['only these keys', ['IdentitiesOnly yes', 'IdentityAgent none'], 'c'],
  ['an agent', ['IdentityAgent /run/agent-%r'], 'c'],
  ['known hosts', ['UserKnownHostsFile /a ~/b', 'GlobalKnownHostsFile /c'], 'c'],
  ['an alias for the key', ['HostKeyAlias the-site'], 'c'],
  ['times', ['ConnectTimeout 1m30s', 'ServerAliveInterval 5'], 'c'],
  ['a match of the host', ['Host c', 'HostName x.org', 'Match host x.org', 'User me'], 'c'],
  ['a match of the original host', ['Match originalhost c,d', 'User me'], 'd'],
  ['a match of the user', ['Match user you', 'Port 2222'], 'you@c'],
  ['a match of another user', ['Match user you', 'Port 2222'], 'me@c'],
  ['a negated match', ['Match !host d', 'User me'], 'c'],
  ['a match of all', ['Match all', 'User me'], 'c'],
  ['two criteria', ['Match host c user you', 'Port 2222'], 'me@c'],
  ['the final pass', ['Match final host x.org', 'User me', 'Host c', 'HostName x.org'], 'c'],
  ['included files in order', ['Include {folder}/parts/*.conf'], 'included'],
  ['an include within a host', ['Host c', 'Include {folder}/inner', 'User me'], 'c'],
  [
    'an include within another host',
    ['Host d', 'Include {folder}/inner', 'Host c', 'User me'],
    'c'
  ],
  ['a missing include', ['Include {folder}/nothing*', 'User me'], 'c'],
  ['an IPv6 address', ['Host ::1', 'Port 2222'], '::1']
];

describe.each(Object.entries(WAYS))('an SSH configuration that is read %s', (way, ways) => {
  it.each(CONFIGS)('with %s means what it means to ssh', async (_, lines, destination) => {
    await writeFile(path, `${lines.join('\n').replaceAll('{folder}', folder)}\n`);
    const ours = await resolveSshHost(destination, { path, env: ways });
    const theirs = await askSsh(destination);
    const of = (keyword: string): string[] => theirs.get(keyword) ?? [];
    const paths = (values: string[]): string[] =>
      values.map(value => value.replace(/^~/, homedir()));
    expect(ours.hostName).toBe(of('hostname')[0]);
    expect(ours.user).toBe(of('user')[0]);
    expect(String(ours.port)).toBe(of('port')[0]);
    expect(ours.hostKeyAlias).toBe(of('hostkeyalias')[0]);
    expect(ours.identitiesOnly ? 'yes' : 'no').toBe(of('identitiesonly')[0]);
    const files = ['userknownhostsfile', 'globalknownhostsfile'].flatMap(keyword => of(keyword));
    expect(ours.knownHostsFiles.join(' ')).toBe(paths(files.join(' ').split(' ')).join(' '));
    if (lines.some(line => line.startsWith('IdentityFile'))) {
      const tokens: Record<string, string> = {
        '%r': ours.user,
        '%h': ours.hostName,
        '%p': String(ours.port)
      };
      const expected = paths(of('identityfile')).map(file =>
        file.replace(/%./g, token => tokens[token] ?? token)
      );
      expect(ours.identityFiles).toEqual(expected);
    }
    if (of('connecttimeout')[0] !== 'none') {
      expect(ours.connectTimeoutMs).toBe(Number(of('connecttimeout')[0]) * 1000);
    }
  });

  const resolve = async (lines: string[], destination = 'c', env: NodeJS.ProcessEnv = {}) => {
    await writeFile(path, `${lines.join('\n')}\n`);
    return resolveSshHost(destination, { path, env: { ...ways, ...env } });
  };

  it('takes port and user from user@host:port', async () => {
    expect(await resolve(['User x', 'Port 1'], 'me@login.site.org:2200')).toMatchObject({
      alias: 'me@login.site.org:2200',
      hostName: 'login.site.org',
      user: 'me',
      port: 2200
    });
  });

  it.each([
    [['IdentityAgent SSH_AUTH_SOCK'], '/env'],
    [[], '/env'],
    [['IdentityAgent $OTHER'], '/other'],
    [['IdentityAgent ${OTHER}.sock'], '/other.sock'],
    [['IdentityAgent none'], null],
    [['IdentityAgent ~/agent'], join(homedir(), 'agent')]
  ])('finds the agent by %j', async (lines, socket) => {
    const env = { SSH_AUTH_SOCK: '/env', OTHER: '/other' };
    expect((await resolve(lines, 'c', env)).agentSocket).toBe(socket);
  });

  it('notices a dead link within 45 s, sooner where that is asked', async () => {
    const interval = async (lines: string[]) => (await resolve(lines)).aliveIntervalMs;
    expect(3 * (await interval([]))).toBeLessThan(45_000);
    expect(3 * (await interval(['ServerAliveInterval 300']))).toBeLessThan(45_000);
    expect(await interval(['ServerAliveInterval 5'])).toBe(5000);
  });

  it('follows jump hosts, the jump hosts of the first one included', async () => {
    const lines = [
      'Host c',
      'ProxyJump a,you@b:2222',
      'Host a',
      'HostName a.org',
      'ProxyJump gate',
      'Host b',
      'ProxyJump never'
    ];
    const { jumps } = await resolve(lines);
    expect(jumps.map(({ hostName, user, port }) => [hostName, port, user === 'you'])).toEqual([
      ['gate', 22, false],
      ['a.org', 22, false],
      ['b', 2222, true]
    ]);
    expect(jumps.every(hop => hop.jumps.length === 0)).toBe(true);
  });

  it('knows ProxyJump none', async () => {
    const lines = ['Host c', 'ProxyJump none', 'Host *', 'ProxyJump gate'];
    expect((await resolve(lines)).jumps).toEqual([]);
  });

  it.each([
    [['ProxyJump c'], /does it name itself|jumphost loop/],
    [['Port zero'], /port “zero” is not a number|Bad port 'zero'/],
    [['ConnectTimeout soon'], /“soon” is not a time|invalid time value/],
    [['HostName "open'], /Unexpected line break|invalid quotes/]
  ])('refuses %j in words', async (lines, words) => {
    const resolving = resolve(lines);
    await expect(resolving).rejects.toMatchObject({ code: 'config-invalid', details: { path } });
    await expect(resolving).rejects.toThrow(words);
  });

  it('takes the first of ProxyJump and ProxyCommand', async () => {
    expect(await resolve(['Host c', 'ProxyJump gate', 'ProxyCommand nc'])).toMatchObject({
      jumps: [{ alias: 'gate' }],
      only: { proxyCommand: null }
    });
    expect(await resolve(['Host c', 'ProxyCommand nc %h', 'ProxyJump gate'])).toMatchObject({
      jumps: [],
      only: { proxyCommand: 'nc %h' }
    });
  });

  it('knows what only OpenSSH can do', async () => {
    const lines = [
      'CertificateFile ~/a-cert.pub',
      'PKCS11Provider /lib/p11.so',
      'RevokedHostKeys ~/revoked',
      'KnownHostsCommand /bin/keys %H',
      'GSSAPIAuthentication yes',
      'HostbasedAuthentication yes',
      'BindAddress 127.0.0.1'
    ];
    expect((await resolve(lines)).only).toEqual({
      certificateFiles: [join(homedir(), 'a-cert.pub')],
      proxyCommand: null,
      pkcs11Provider: '/lib/p11.so',
      revokedHostKeys: join(homedir(), 'revoked'),
      knownHostsCommand: '/bin/keys %H',
      gssapi: true,
      hostbased: true,
      bound: '127.0.0.1',
      undecided: []
    });
    expect((await resolve([])).only).toMatchObject({ certificateFiles: [], gssapi: false });
  });

  it.each<[string[], LoginWay[]]>([
    [[], ['publickey', 'keyboard-interactive', 'password']],
    [['PasswordAuthentication no'], ['publickey', 'keyboard-interactive']],
    [['KbdInteractiveAuthentication no'], ['publickey', 'password']],
    [['PreferredAuthentications password,gssapi-with-mic,publickey'], ['password', 'publickey']],
    [['PreferredAuthentications publickey,password', 'PubkeyAuthentication no'], ['password']]
  ])('logs in as %j say', async (lines, expected) => {
    expect((await resolve(lines)).logins).toEqual(expected);
  });

  it('knows how keys of hosts are judged and stored', async () => {
    expect(await resolve([])).toMatchObject({
      refusesUnknownKeys: false,
      newKeysFile: join(homedir(), '.ssh/known_hosts'),
      hashKnownHosts: false,
      passwordPrompts: 3,
      aliveCountMax: 3
    });
    const lines = [
      'StrictHostKeyChecking yes',
      'UserKnownHostsFile /a /b',
      'GlobalKnownHostsFile none',
      'HashKnownHosts yes',
      'HostKeyAlgorithms ssh-ed25519,rsa-sha2-512',
      'NumberOfPasswordPrompts 1',
      'ServerAliveCountMax 5'
    ];
    expect(await resolve(lines)).toMatchObject({
      refusesUnknownKeys: true,
      newKeysFile: '/a',
      knownHostsFiles: ['/a', '/b'],
      hashKnownHosts: true,
      hostKeyAlgorithms: ['ssh-ed25519', 'rsa-sha2-512'],
      passwordPrompts: 1,
      aliveCountMax: 5
    });
  });

  it('takes a blank in the name of a file for a part of it', async () => {
    const lines = ['UserKnownHostsFile "/a folder/known hosts" /b', 'GlobalKnownHostsFile /c'];
    expect((await resolve(lines)).knownHostsFiles).toEqual(['/a folder/known hosts', '/b', '/c']);
  });

  it.each(['no', 'accept-new', 'ask'])('asks when StrictHostKeyChecking is %s', async value => {
    const lines = [`StrictHostKeyChecking ${value}`, 'UserKnownHostsFile none'];
    expect(await resolve(lines)).toMatchObject({ refusesUnknownKeys: false, newKeysFile: null });
  });

  it('runs a command of Match exec only as ssh itself does', async () => {
    const canary = join(folder, `canary-${way.replace(' ', '-')}`);
    const host = await resolve([`Match host c exec "touch ${canary}"`, 'User me']);
    const isBySsh = way === 'by ssh';
    expect(existsSync(canary)).toBe(isBySsh);
    expect(host.user === 'me').toBe(isBySsh);
    expect(host.notes.join().includes('Match exec')).toBe(!isBySsh);
  });

  it('lets no name be taken for an option', async () => {
    const canary = join(folder, 'option');
    await expect(resolve([], `-oProxyCommand=touch ${canary}`)).rejects.toThrow('not of the form');
    await expect(resolve([`ProxyJump me@-oX`])).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('reads the configuration of the home that HOME names', async () => {
    const home = await mkdtemp(join(folder, 'home-'));
    await mkdir(join(home, '.ssh'), { mode: 0o700 });
    await writeFile(join(home, '.ssh', 'config'), 'Host c\n  User me\n', { mode: 0o600 });
    const host = await resolveSshHost('c', { env: { ...ways, HOME: home } });
    expect(host).toMatchObject({ user: 'me', newKeysFile: join(home, '.ssh/known_hosts') });
    expect(host.identityFiles[0]).toBe(join(home, '.ssh/id_rsa'));
  });

  it('says when the file is missing, or includes itself', async () => {
    const missing = join(folder, 'missing');
    await expect(resolveSshHost('c', { path: missing, env: ways })).rejects.toMatchObject({
      code: 'config-invalid',
      details: { path: missing }
    });
    await expect(resolve([`Include ${path}`])).rejects.toThrow(
      /does it include itself\?|Too many recursive/
    );
  });
});

describe('a destination', () => {
  it.each([
    ['host', { host: 'host' }],
    ['me@host', { host: 'host', user: 'me' }],
    ['me@host:22', { host: 'host', user: 'me', port: 22 }],
    ['me@site@host', { host: 'host', user: 'me@site' }],
    ['ssh://me@host:2222/', { host: 'host', user: 'me', port: 2222 }],
    ['::1', { host: '::1' }],
    ['[::1]:2222', { host: '::1', port: 2222 }],
    ['me@[fe80::1%eth0]', { host: 'fe80::1%eth0', user: 'me' }]
  ])('%s is read', (text, expected) => {
    expect(parseDestination(text)).toEqual(expected);
  });

  it.each([
    '',
    '@host',
    'me@',
    'host:',
    'host:0',
    'host:70000',
    'host:ssh',
    'a b',
    '-oProxyCommand=x',
    '-oProxyCommand=x@host',
    '$(x)',
    'a;b',
    'a`b`',
    'a|b@host',
    '$(x)@host',
    'me -o@host',
    'me\\@host',
    'a\u0007b',
    'host/x'
  ])('%j is refused', text => {
    expect(parseDestination(text)).toBeNull();
  });
});
