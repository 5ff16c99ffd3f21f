import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SluiceError } from '../../../../shared/errors';
import { makeKey } from '../../../../testing/loopback-sshd';
import { prepareHostKeyCheck } from '../host-key-check';
import { type ILoginAttempt, type LoginQuestion, nobody } from '../../login/login-prompter';
import { resolveSshHost } from '../../ssh-host/ssh-config';
import type { SshHost } from '../../ssh-host/ssh-host';
import { storeHostKey } from '../store-host-key';

const run = promisify(execFile);
const signal = new AbortController().signal;

let folder: string;
let right: string;
let other: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-key-'));
  right = await makeKey(join(folder, 'right'), 'ed25519');
  other = await makeKey(join(folder, 'other'), 'ed25519');
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const blobOf = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64');
const text = (file: string): Promise<string> => readFile(file, 'utf8');

/** A person who answers each question in the same way. */
class Person implements ILoginAttempt {
  readonly asked: LoginQuestion[] = [];

  constructor(private readonly answer: () => Promise<string[]> = () => Promise.resolve([])) {}

  get hasAsked(): boolean {
    return this.asked.length > 0;
  }

  ask(question: LoginQuestion): Promise<string[]> {
    this.asked.push(question);
    return this.answer();
  }

  end(): void {
    // Nothing is open.
  }
}

async function hostWith(
  known: string[] | null,
  lines: string[] = [],
  destination = 'login.site.org'
): Promise<SshHost> {
  const home = await mkdtemp(at('home-'));
  const file = join(home, '.ssh', 'known_hosts');
  if (known !== null) {
    await storeHostKey(file, 'x', { type: 'ssh-ed25519', blob: blobOf(other) }, false);
    await writeFile(file, known.map(line => `${line}\n`).join(''));
  }
  const own = ['GlobalKnownHostsFile none', 'Host *', `UserKnownHostsFile ${file}`];
  await writeFile(at('config'), [...lines, ...own].map(line => `${line}\n`).join(''));
  return resolveSshHost(destination, { path: at('config') });
}

const verify = async (host: SshHost, key: string, person: ILoginAttempt) =>
  (await prepareHostKeyCheck(host)).verify(blobOf(key), person, signal);

describe('an unknown host key', () => {
  it('is asked about once, with its fingerprint, and is then known to Sluice and to ssh', async () => {
    const host = await hostWith(null);
    const person = new Person();
    expect(await verify(host, right, person)).toBeNull();
    const { stdout } = await run('ssh-keygen', ['-l', '-f', at('right.pub')]);
    expect(person.asked).toEqual([
      {
        host: 'login.site.org',
        kind: 'host-key',
        text: '',
        fields: [],
        hostKey: {
          algorithm: 'ED25519',
          fingerprint: stdout.split(' ')[1],
          knownHosts: host.newKeysFile
        }
      }
    ]);
    expect(await verify(host, right, person)).toBeNull();
    expect(person.asked).toHaveLength(1);
    const found = await run('ssh-keygen', ['-F', 'login.site.org', '-f', host.newKeysFile ?? '']);
    expect(found.stdout).toContain(`login.site.org ${right}`);
  });

  it('is stored for the person alone', async () => {
    const host = await hostWith(null);
    await verify(host, right, new Person());
    const file = host.newKeysFile ?? '';
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['login.site.org:2222', [], '[login.site.org]:2222'],
    ['[::1]:2222', [], '[::1]:2222'],
    ['::1', [], '::1'],
    ['login.site.org', ['HostKeyAlias The-Site'], 'the-site'],
    ['c', ['Host c', 'HostName Login.Site.ORG', 'Port 2200'], '[login.site.org]:2200']
  ])('of %s with %j is stored under %s', async (destination, lines, name) => {
    const host = await hostWith([], lines, destination);
    await verify(host, right, new Person());
    expect(await text(host.newKeysFile ?? '')).toBe(`${name} ${right}\n`);
    const found = await run('ssh-keygen', ['-F', name, '-f', host.newKeysFile ?? '']);
    expect(found.stdout).toContain(right);
  });

  it('is stored hashed where HashKnownHosts says so', async () => {
    const host = await hostWith([], ['HashKnownHosts yes'], 'login.site.org:2222');
    await verify(host, right, new Person());
    const stored = await text(host.newKeysFile ?? '');
    expect(stored).toMatch(/^\|1\|[^|]+\|[^| ]+ ssh-ed25519 /);
    const name = '[login.site.org]:2222';
    const found = await run('ssh-keygen', ['-F', name, '-f', host.newKeysFile ?? '']);
    expect(found.stdout).toContain(right);
    expect(await verify(host, right, nobody.begin())).toBeNull();
  });

  it('goes on a line of its own, and no other is lost', async () => {
    const host = await hostWith([]);
    const file = host.newKeysFile ?? '';
    await writeFile(file, `x ${other}`);
    await verify(host, right, new Person());
    expect(await text(file)).toBe(`x ${other}\nlogin.site.org ${right}\n`);
    const key = { type: 'ssh-ed25519', blob: blobOf(right) };
    const names = Array.from({ length: 50 }, (_, index) => `host-${index}`);
    await Promise.all(names.map(name => storeHostKey(file, name, key, false)));
    const lines = (await text(file)).trimEnd().split('\n');
    expect(lines.slice(2).sort()).toEqual(names.map(name => `${name} ${right}`).sort());
  });

  it('is told together with what is known besides', async () => {
    const known = [`login.site.org ${other}`, `x ${right}`];
    const host = await hostWith(known, [], 'login.site.org:2222');
    const person = new Person();
    await verify(host, right, person);
    expect(person.asked[0]?.text).toMatch(/same key is known under another name \(.*:2\)/);
    expect(person.asked[0]?.text).toMatch(/another key on port 22 \(.*:1\)/);
  });

  it('is not asked about where StrictHostKeyChecking is yes', async () => {
    const host = await hostWith([], ['StrictHostKeyChecking yes']);
    const person = new Person();
    expect(await verify(host, right, person)).toMatchObject({ code: 'host-key-unknown' });
    expect(person.asked).toEqual([]);
  });

  it.each(['no', 'accept-new', 'off'])('is asked about where it is %s', async value => {
    const host = await hostWith([], [`StrictHostKeyChecking ${value}`]);
    const person = new Person();
    await verify(host, right, person);
    expect(person.asked).toHaveLength(1);
  });

  it('is stored nowhere where no file is named', async () => {
    const host = await hostWith(null, ['UserKnownHostsFile none']);
    const person = new Person();
    expect(await verify(host, right, person)).toBeNull();
    expect(person.asked[0]?.hostKey?.knownHosts).toMatch(/nowhere/);
    await verify(host, right, person);
    expect(person.asked).toHaveLength(2);
  });

  it('waits for a person when nobody is there, and says for what', async () => {
    const host = await hostWith([]);
    const error = await verify(host, right, nobody.begin());
    expect(error).toMatchObject({ code: 'needs-login', details: { algorithm: 'ED25519' } });
    expect(error?.message).toMatch(/its host key is not known yet \(ED25519, SHA256:/);
    expect(await text(host.newKeysFile ?? '')).toBe('');
  });

  it('is not stored when the person gives up', async () => {
    const host = await hostWith([]);
    const canceled = new SluiceError('login-canceled', { host: 'login.site.org', target: 't' });
    const error = await verify(host, right, new Person(() => Promise.reject(canceled)));
    expect(error).toBe(canceled);
    expect(await text(host.newKeysFile ?? '')).toBe('');
  });

  it('ends with the reason when the login ends meanwhile', async () => {
    const host = await hostWith([]);
    const reason = new Error('the login is over');
    await expect(verify(host, right, new Person(() => Promise.reject(reason)))).rejects.toBe(
      reason
    );
  });

  it('is refused when it was revoked while the person looked at it', async () => {
    const host = await hostWith([]);
    const person = new Person(async () => {
      await writeFile(host.newKeysFile ?? '', `@revoked * ${right}\n`);
      return [];
    });
    expect(await verify(host, right, person)).toMatchObject({ code: 'host-key-revoked' });
  });

  it('is stored once when another login stored it meanwhile', async () => {
    const host = await hostWith([]);
    const line = `login.site.org ${right}\n`;
    const person = new Person(async () => {
      await writeFile(host.newKeysFile ?? '', line);
      return [];
    });
    expect(await verify(host, right, person)).toBeNull();
    expect(await text(host.newKeysFile ?? '')).toBe(line);
  });

  it('is refused when it cannot be stored', async () => {
    const host = await hostWith([]);
    const blocked = at('a-file');
    await writeFile(blocked, '');
    const nowhere = { ...host, newKeysFile: join(blocked, 'known_hosts'), knownHostsFiles: [] };
    expect(await verify(nowhere, right, new Person())).toMatchObject({
      code: 'config-invalid',
      details: { path: nowhere.newKeysFile }
    });
  });
});

describe('a key that must not be accepted', () => {
  it.each([
    ['changed', 'login.site.org OTHER', 'host-key-changed'],
    ['revoked', '@revoked * RIGHT', 'host-key-revoked']
  ])('is refused unasked when it is %s', async (_, line, code) => {
    const host = await hostWith([line.replace('OTHER', other).replace('RIGHT', right)]);
    const person = new Person();
    expect(await verify(host, right, person)).toMatchObject({ code, details: { line: 1 } });
    expect(person.asked).toEqual([]);
  });

  it('is one that cannot be read', async () => {
    const check = await prepareHostKeyCheck(await hostWith([]));
    const refused = await check.verify(Buffer.from('nonsense'), new Person(), signal);
    expect(refused).toMatchObject({ code: 'host-unreachable' });
  });
});

describe('the files of host keys', () => {
  it('are read as one, those of the machine included', async () => {
    const machine = at('machine');
    await writeFile(machine, `@revoked * ${other}\nlogin.site.org ${right}\n`);
    const host = await hostWith([], [`GlobalKnownHostsFile ${machine} ${at('missing')}`]);
    expect(await verify(host, right, nobody.begin())).toBeNull();
    expect(await verify(host, other, nobody.begin())).toMatchObject({
      code: 'host-key-revoked',
      details: { knownHosts: machine, line: 1 }
    });
  });

  it('are not passed over when they cannot be read', async () => {
    const host = await hostWith(null, [`UserKnownHostsFile ${folder}`]);
    await expect(prepareHostKeyCheck(host)).rejects.toMatchObject({
      code: 'config-invalid',
      details: { path: folder }
    });
  });

  it('order the algorithms that HostKeyAlgorithms allows', async () => {
    const ecdsa = await makeKey(at('ecdsa'), 'ecdsa');
    const lines = ['HostKeyAlgorithms ssh-ed25519,ecdsa-sha2-nistp256,ssh-rsa'];
    const host = await hostWith([`login.site.org ${ecdsa}`], lines);
    expect((await prepareHostKeyCheck(host)).algorithms).toEqual([
      'ecdsa-sha2-nistp256',
      'ssh-ed25519',
      'ssh-rsa'
    ]);
    const none = { ...host, hostKeyAlgorithms: ['ssh-ed25519-cert-v01@openssh.com'] };
    await expect(prepareHostKeyCheck(none)).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
