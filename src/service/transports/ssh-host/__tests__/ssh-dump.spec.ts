import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { askSsh, configArguments, destinationArguments, parseSshDump } from '../ssh-dump';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssh-dump-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The answer to a question when `ssh` is this script. */
async function ask(script: string) {
  const bin = await mkdtemp(join(folder, 'bin-'));
  await writeFile(join(bin, 'ssh'), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, 'ssh'), 0o755);
  return askSsh({ host: 'c' }, { path: '/config', env: { PATH: `${bin}:/usr/bin:/bin` } });
}

describe('what ssh says of a host', () => {
  it('is read line by line; repeated words add to each other', () => {
    const text = 'host c\nIdentityFile /a\nidentityfile /b c\nuserknownhostsfile /a b /c none\n\n';
    expect([...parseSshDump(text)]).toEqual([
      ['host', ['c']],
      ['identityfile', ['/a', '/b c']],
      ['userknownhostsfile', ['/a b', '/c', 'none']]
    ]);
  });

  it('is asked for with the file, and the host is never an option', async () => {
    expect((await ask('for word; do echo "word $word"; done'))?.get('word')).toEqual([
      '-F',
      '/config',
      '-T',
      '-G',
      '--',
      'c'
    ]);
    const named = { host: 'c', user: 'me', port: 22 };
    expect(destinationArguments(named)).toEqual(['-l', 'me', '-p', '22', '--', 'c']);
  });

  it('is a fault of the configuration, in its own words', async () => {
    await expect(ask('echo "line 1: bad" >&2; echo "end  " >&2; exit 255')).rejects.toMatchObject({
      code: 'config-invalid',
      details: { path: '/config', problem: 'host “c”: line 1: bad; end' }
    });
    await expect(ask('exit 3')).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('is none of its faults when a name is not found', async () => {
    const script = 'echo "ssh: Could not resolve host \\"c\\"" >&2; exit 255';
    await expect(ask(script)).rejects.toMatchObject({ code: 'host-unreachable' });
  });

  it('is nothing where there is no ssh', async () => {
    expect(await askSsh({ host: 'c' }, { env: { PATH: '/nowhere' } })).toBeNull();
  });
});

describe('the file that ssh reads', () => {
  it('is its own choice, unless one is named or HOME is another home', async () => {
    const { homedir } = userInfo();
    expect(configArguments({ env: { HOME: homedir } })).toEqual([]);
    expect(configArguments({ path: '~/x', env: { HOME: '/h' } })).toEqual(['-F', '/h/x']);
    const home = await mkdtemp(join(folder, 'home-'));
    expect(configArguments({ env: { HOME: home } })[1]).toMatch(/^(\/etc\/ssh\/ssh_config|none)$/);
  });
});
