import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publicPartOf, readIdentities, unlockIdentity } from '../ssh-identities';

const run = promisify(execFile);
const PASSPHRASE = 'battery staple';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identities-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function makeKey(name: string, ...how: string[]): Promise<{ path: string; blob: Buffer }> {
  const path = join(folder, name);
  await run('ssh-keygen', ['-q', '-N', PASSPHRASE, '-f', path, ...how]);
  const [, base64 = ''] = (await readFile(`${path}.pub`, 'utf8')).split(' ');
  return { path, blob: Buffer.from(base64, 'base64') };
}

const FORMATS = [
  ['ed25519', ['-t', 'ed25519']],
  ['ecdsa', ['-t', 'ecdsa', '-b', '384']],
  ['rsa', ['-t', 'rsa', '-b', '2048']],
  ['rsa-pem', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']]
] as const;

describe.each(FORMATS)('a key with a passphrase: %s', (name, how) => {
  let key: { path: string; blob: Buffer };
  beforeAll(async () => {
    key = await makeKey(name, ...how);
  });

  it('can be shown to a host before it is unlocked', async () => {
    const [identity] = await readIdentities([key.path]);
    expect(identity).toMatchObject({ isLocked: true, privateKey: null });
    expect(identity?.publicBlob?.equals(key.blob)).toBe(true);
    expect(identity?.problem).toContain(`run \`ssh-add ${key.path}\``);
  });

  it('is unlocked by its passphrase alone', async () => {
    const unlocked = await unlockIdentity(key.path, PASSPHRASE);
    expect(unlocked?.isPrivateKey()).toBe(true);
    expect(unlocked?.getPublicSSH().equals(key.blob)).toBe(true);
    for (const wrong of ['', 'wrong', `${PASSPHRASE} `]) {
      expect(await unlockIdentity(key.path, wrong)).toBeNull();
    }
  });
});

describe('the public part', () => {
  it('is in the file of a key of OpenSSH’s, whatever was cut from it', async () => {
    const { path, blob } = await makeKey('own', '-t', 'ed25519');
    await rm(`${path}.pub`);
    const [identity] = await readIdentities([path]);
    expect(identity?.publicBlob?.equals(blob)).toBe(true);
    const file = await readFile(path);
    for (let length = 0; length < file.length; length += 1) {
      expect(() => publicPartOf(file.subarray(0, length))).not.toThrow();
    }
  });

  it('is asked for where the file of an old key does not say it', async () => {
    const { path } = await makeKey('old', '-t', 'rsa', '-b', '2048', '-m', 'PEM');
    await rm(`${path}.pub`);
    const [identity] = await readIdentities([path]);
    expect(identity).toMatchObject({ publicBlob: null, isLocked: true });
    expect(identity?.problem).toContain(`ssh-keygen -y -f ${path} > ${path}.pub`);
  });
});

describe('a file that is no key', () => {
  it('is named with its fault, and a missing one is passed over', async () => {
    const path = join(folder, 'notes');
    await writeFile(path, 'not a key');
    const identities = await readIdentities([path, join(folder, 'missing'), path]);
    expect(identities).toHaveLength(1);
    expect(identities[0]).toMatchObject({ isLocked: false, privateKey: null, publicBlob: null });
    expect(identities[0]?.problem).toContain(`the key ${path} cannot be used`);
  });
});
