import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoopbackSshd, makeKey, startSshd } from '../../../../testing/loopback-sshd';
import {
  type Keys,
  KNOWN_HOST,
  KNOWN_HOSTS_CASES,
  type Verdict
} from '../../../../testing/known-hosts-cases';
import { orderAlgorithms } from '../host-key-check';
import {
  algorithmName,
  fingerprint,
  hostKeyVerdict,
  type HostName,
  knownKeyTypes,
  lookupName,
  parseHostKey,
  parseKnownHosts
} from '../known-hosts';
import { storeHostKey } from '../store-host-key';

// Any name shall lead to the one sshd, without being looked up.
const PROXY = `
const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('close', () => process.exit());
`;

/** Names under which keys are stored. */
const STORED: { name: string; host: HostName; isHashed: boolean }[] = [
  { name: 'a host', host: { name: KNOWN_HOST, port: 22 }, isHashed: false },
  { name: 'a host, hashed', host: { name: KNOWN_HOST, port: 22 }, isHashed: true },
  { name: 'a host on a port', host: { name: KNOWN_HOST, port: 2222 }, isHashed: false },
  { name: 'a host on a port, hashed', host: { name: KNOWN_HOST, port: 2222 }, isHashed: true },
  { name: 'an address', host: { name: '::1', port: 22 }, isHashed: false },
  { name: 'an address on a port, hashed', host: { name: '::1', port: 2222 }, isHashed: true },
  { name: 'an alias', host: { name: KNOWN_HOST, port: 2222, alias: 'The-Site' }, isHashed: false },
  { name: 'capitals', host: { name: 'Login.Site.ORG', port: 2222 }, isHashed: false }
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
  async function verdictOfSsh(file: string, host: HostName, machine = 'none'): Promise<string> {
    const options = [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      `GlobalKnownHostsFile=${machine}`,
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

  it.each(KNOWN_HOSTS_CASES)(
    'with $name: $verdict, as ssh says',
    async ({ host, lines, machine, verdict }) => {
      const name: HostName = { name: KNOWN_HOST, port: 22, ...host };
      const files = await Promise.all([
        writeLines('known_hosts', lines(keys)),
        writeLines('machine', machine?.(keys) ?? [])
      ]);
      const parsed = files.flatMap(({ content, file }) => parseKnownHosts(content, file));
      const ours = hostKeyVerdict(parsed, name, keyOf(keys.right));
      const theirs = await verdictOfSsh(files[0].file, name, files[1].file);
      expect({ ours: ours.verdict, ssh: theirs }).toEqual({ ours: verdict, ssh: verdict });
    }
  );

  async function writeLines(
    name: string,
    lines: string[]
  ): Promise<{ file: string; content: string }> {
    const file = join(folder, name);
    const content = lines.map(line => `${line}\n`).join('');
    await writeFile(file, content);
    return { file, content };
  }

  it.each(STORED)('knows a key stored for $name, as ssh does', async ({ host, isHashed }) => {
    const file = join(folder, 'stored');
    await rm(file, { force: true });
    await storeHostKey(file, lookupName(host), keyOf(keys.right), isHashed);
    const stored = parseKnownHosts(await readFile(file, 'utf8'), file);
    expect(hostKeyVerdict(stored, host, keyOf(keys.right)).verdict).toBe('known');
    expect(await verdictOfSsh(file, host)).toBe('known');
  });

  it('names the line that decides', () => {
    const content = `# one\n\nx ${keys.right}\n${KNOWN_HOST} ${keys.other}\n`;
    const verdict = hostKeyVerdict(
      parseKnownHosts(content, '/file'),
      { name: KNOWN_HOST, port: 22 },
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
    const content = [
      `${KNOWN_HOST} ${keys.ecdsa}`,
      `@revoked ${KNOWN_HOST} ${keys.right}`,
      `x ${keys.right}`
    ];
    const types = knownKeyTypes(parseKnownHosts(content.join('\n'), 'f'), {
      name: KNOWN_HOST,
      port: 22
    });
    expect(types).toEqual(['ecdsa-sha2-nistp256']);
    expect(orderAlgorithms(types).slice(0, 2)).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519']);
    expect(orderAlgorithms(['ssh-rsa']).slice(0, 2)).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(orderAlgorithms([])[0]).toBe('ssh-ed25519');
  });
});
