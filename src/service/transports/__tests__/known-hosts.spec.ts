import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoopbackSshd, makeKey, startSshd } from '../../../testing/loopback-sshd';
import { orderAlgorithms } from '../host-key-check';
import {
  algorithmName,
  fingerprint,
  hostKeyVerdict,
  type HostName,
  knownKeyTypes,
  parseHostKey,
  parseKnownHosts
} from '../known-hosts';

// Any name shall lead to the one sshd, without being looked up.
const PROXY = `
const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('close', () => process.exit());
`;

type Keys = { right: string; ecdsa: string; other: string };
type Verdict = 'known' | 'unknown' | 'changed' | 'revoked';

const hash = (name: string, salt = 'saltsaltsaltsaltsalt'): string => {
  const key = Buffer.from(salt);
  const digest = createHmac('sha1', key).update(name).digest('base64');
  return `|1|${key.toString('base64')}|${digest}`;
};

type Case = {
  name: string;
  host?: Partial<HostName>;
  lines: (keys: Keys) => string[];
  verdict: Verdict;
};

const HOST = 'login.site.org';
const onPort = { port: 2222 };

const CASES: Case[] = [
  { name: 'nothing', lines: () => [], verdict: 'unknown' },
  { name: 'its key', lines: k => [`${HOST} ${k.right}`], verdict: 'known' },
  { name: 'another key of the same type', lines: k => [`${HOST} ${k.other}`], verdict: 'changed' },
  { name: 'a key of another type', lines: k => [`${HOST} ${k.ecdsa}`], verdict: 'changed' },
  {
    name: 'two keys, one of them right',
    lines: k => [`${HOST} ${k.other}`, `${HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'the key of another host',
    lines: k => [`other.site.org ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'a comment', lines: k => [`# ${HOST} ${k.right}`], verdict: 'unknown' },
  { name: 'a comment after the key', lines: k => [`${HOST} ${k.right} me@home`], verdict: 'known' },
  {
    name: 'an empty line and spaces',
    lines: k => ['', `  ${HOST}   ${k.right}  `],
    verdict: 'known'
  },
  { name: 'tabs', lines: k => [`\t${HOST}\t${k.right.replace(' ', '\t')}`], verdict: 'known' },
  { name: 'a list of names', lines: k => [`a,${HOST},b ${k.right}`], verdict: 'known' },
  { name: 'a list without it', lines: k => [`a,b ${k.right}`], verdict: 'unknown' },
  { name: 'capitals in the file', lines: k => [`LOGIN.Site.ORG ${k.right}`], verdict: 'known' },
  {
    name: 'capitals in the name',
    host: { name: 'Login.SITE.org' },
    lines: k => [`${HOST} ${k.right}`],
    verdict: 'known'
  },
  { name: 'a star', lines: k => [`*.site.org ${k.right}`], verdict: 'known' },
  { name: 'a star alone', lines: k => [`* ${k.right}`], verdict: 'known' },
  { name: 'a star for another domain', lines: k => [`*.site.com ${k.right}`], verdict: 'unknown' },
  { name: 'a question mark', lines: k => [`log?n.site.org ${k.right}`], verdict: 'known' },
  {
    name: 'a question mark too many',
    lines: k => [`login?.site.org ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a dot, which is no pattern',
    lines: k => [`loginxsite.org ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a bracket, which is no pattern',
    lines: k => [`[l]ogin.site.org ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'a negation after', lines: k => [`*.site.org,!${HOST} ${k.right}`], verdict: 'unknown' },
  { name: 'a negation before', lines: k => [`!${HOST},*.site.org ${k.right}`], verdict: 'unknown' },
  {
    name: 'a negation of another',
    lines: k => [`*.site.org,!x.site.org ${k.right}`],
    verdict: 'known'
  },
  { name: 'a negation alone', lines: k => [`!x.site.org ${k.right}`], verdict: 'unknown' },
  { name: 'a hashed name', lines: k => [`${hash(HOST)} ${k.right}`], verdict: 'known' },
  {
    name: 'a hashed name with another key',
    lines: k => [`${hash(HOST)} ${k.other}`],
    verdict: 'changed'
  },
  {
    name: 'a hashed other name',
    lines: k => [`${hash('x.site.org')} ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a hash of a later version',
    lines: k => [`${hash(HOST).replace('|1|', '|2|')} ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'a broken hash', lines: k => [`|1|abc ${k.right}`], verdict: 'unknown' },
  {
    name: 'its key on its port',
    host: onPort,
    lines: k => [`[${HOST}]:2222 ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'its key on another port',
    host: onPort,
    lines: k => [`[${HOST}]:2223 ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'another key on its port',
    host: onPort,
    lines: k => [`[${HOST}]:2222 ${k.other}`],
    verdict: 'changed'
  },
  {
    name: 'its key without the port',
    host: onPort,
    lines: k => [`${HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'another key without the port',
    host: onPort,
    lines: k => [`${HOST} ${k.other}`],
    verdict: 'unknown'
  },
  {
    name: 'another key on its port, the right one without',
    host: onPort,
    lines: k => [`[${HOST}]:2222 ${k.other}`, `${HOST} ${k.right}`],
    verdict: 'changed'
  },
  {
    name: 'a bracketed name on port 22',
    lines: k => [`[${HOST}]:22 ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a star for the port',
    host: onPort,
    lines: k => [`[*.site.org]:* ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a hashed name with its port',
    host: onPort,
    lines: k => [`${hash(`[${HOST}]:2222`)} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an alias',
    host: { alias: 'the-site' },
    lines: k => [`the-site ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an alias, on a port that does not count',
    host: { alias: 'the-site', ...onPort },
    lines: k => [`the-site ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'the name, where an alias counts',
    host: { alias: 'the-site', ...onPort },
    lines: k => [`${HOST} ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'IPv6', host: { name: '::1' }, lines: k => [`::1 ${k.right}`], verdict: 'known' },
  {
    name: 'IPv6 on a port',
    host: { name: '::1', port: 2222 },
    lines: k => [`[::1]:2222 ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a revoked key',
    lines: k => [`@revoked ${HOST} ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'a key revoked after it was known',
    lines: k => [`${HOST} ${k.right}`, `@revoked * ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'a key revoked before it was known',
    lines: k => [`@revoked * ${k.right}`, `${HOST} ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'another key revoked',
    lines: k => [`@revoked * ${k.other}`, `${HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'another key revoked, none known',
    lines: k => [`@revoked * ${k.other}`],
    verdict: 'unknown'
  },
  {
    name: 'a key revoked for another host',
    lines: k => [`@revoked x.site.org ${k.right}`, `${HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a key revoked without the port',
    host: onPort,
    lines: k => [`@revoked ${HOST} ${k.right}`, `[${HOST}]:2222 ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an authority’s key, which is none of the host',
    lines: k => [`@cert-authority ${HOST} ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'an authority beside its key',
    lines: k => [`@cert-authority *.site.org ${k.other}`, `${HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a marker that is not known',
    lines: k => [`@other ${HOST} ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'a line without a key', lines: () => [`${HOST} ssh-ed25519`], verdict: 'unknown' },
  { name: 'a line with nothing but the host', lines: () => [HOST], verdict: 'unknown' },
  {
    name: 'a key cut short',
    lines: k => [`${HOST} ${k.other.slice(0, -8)}`],
    verdict: 'unknown'
  },
  {
    name: 'a type that is not the key’s',
    lines: k => [`${HOST} ssh-rsa ${k.right.split(' ')[1]}`],
    verdict: 'unknown'
  },
  {
    name: 'a key that is no base64',
    lines: () => [`${HOST} ssh-ed25519 !!!!`],
    verdict: 'unknown'
  },
  {
    name: 'line ends of Windows',
    lines: k => [`${HOST} ${k.right}\r`],
    verdict: 'known'
  }
];

const keyOf = (line: string) => parseHostKey(Buffer.from(line.split(' ')[1] ?? '', 'base64'))!;

describe('known_hosts', () => {
  let sshd: LoopbackSshd;
  let folder: string;
  let keys: Keys;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'known-hosts-'));
    sshd = await startSshd();
    await writeFile(join(folder, 'proxy.cjs'), PROXY);
    keys = {
      right: await sshd.hostKey('ed25519'),
      ecdsa: await makeKey(join(folder, 'ecdsa'), 'ecdsa'),
      other: await makeKey(join(folder, 'other'), 'ed25519')
    };
  });
  afterAll(async () => {
    await sshd.stop();
    await rm(folder, { recursive: true });
  });

  /** What the ssh binary makes of the same file, for the same name and port. */
  async function verdictOfSsh(file: string, host: HostName): Promise<string> {
    const options = [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      'GlobalKnownHostsFile=none',
      'IdentityFile=none',
      'IdentityAgent=none',
      'HostKeyAlgorithms=ssh-ed25519',
      `UserKnownHostsFile=${file}`,
      `ProxyCommand=${process.execPath} ${join(folder, 'proxy.cjs')} ${sshd.port}`,
      ...(host.alias === undefined ? [] : [`HostKeyAlias=${host.alias}`])
    ];
    const given = options.flatMap(option => ['-o', option]);
    const said = await new Promise<string>(resolve => {
      execFile(
        'ssh',
        ['-F', 'none', ...given, '-p', String(host.port), host.name, 'true'],
        (_, __, stderr) => resolve(stderr)
      );
    });
    const signs: [RegExp, Verdict][] = [
      [/marked as revoked/, 'revoked'],
      [/IDENTIFICATION HAS CHANGED/, 'changed'],
      [/No \w+ host key is known/, 'unknown'],
      [/Permission denied/, 'known']
    ];
    return signs.find(([sign]) => sign.test(said))?.[1] ?? said;
  }

  it.each(CASES)('with $name: $verdict, as ssh says', async ({ host, lines, verdict }) => {
    const name: HostName = { name: HOST, port: 22, ...host };
    const file = join(folder, 'known_hosts');
    const content = lines(keys)
      .map(line => `${line}\n`)
      .join('');
    await writeFile(file, content);
    const ours = hostKeyVerdict(parseKnownHosts(content, file), name, keyOf(keys.right));
    expect({ ours: ours.verdict, ssh: await verdictOfSsh(file, name) }).toEqual({
      ours: verdict,
      ssh: verdict
    });
  });

  it('names the line that decides', () => {
    const content = `# one\n\nx ${keys.right}\n${HOST} ${keys.other}\n`;
    const verdict = hostKeyVerdict(
      parseKnownHosts(content, '/file'),
      { name: HOST, port: 22 },
      keyOf(keys.right)
    );
    expect(verdict).toMatchObject({ verdict: 'changed', line: { file: '/file', line: 4 } });
  });

  it('prints a fingerprint as ssh-keygen does', async () => {
    expect(fingerprint(keyOf(keys.right))).toBe(await sshd.fingerprint('ed25519'));
    expect(algorithmName(keyOf(keys.right))).toBe('ED25519');
    expect(algorithmName(keyOf(keys.ecdsa))).toBe('ECDSA');
  });

  it('asks first for the algorithms by which the host is known', () => {
    const content = [`${HOST} ${keys.ecdsa}`, `@revoked ${HOST} ${keys.right}`, `x ${keys.right}`];
    const types = knownKeyTypes(parseKnownHosts(content.join('\n'), 'f'), { name: HOST, port: 22 });
    expect(types).toEqual(['ecdsa-sha2-nistp256']);
    expect(orderAlgorithms(types).slice(0, 2)).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519']);
    expect(orderAlgorithms(['ssh-rsa']).slice(0, 2)).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(orderAlgorithms([])[0]).toBe('ssh-ed25519');
  });
});
