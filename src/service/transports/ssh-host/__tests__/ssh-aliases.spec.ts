import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { sshAliases } from '../ssh-aliases';

let home: string;

const write = (name: string, lines: string[]): Promise<void> =>
  writeFile(join(home, '.ssh', name), lines.map(line => `${line}\n`).join(''), { mode: 0o600 });
const aliases = async (): Promise<string[]> =>
  (await sshAliases({ HOME: home })).map(({ alias }) => alias);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'aliases-'));
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
});
afterEach(() => rm(home, { recursive: true }));

describe('the aliases of an SSH configuration', () => {
  it('are its hosts without wildcards, with what they stand for', async () => {
    await write('config', [
      'Host curnagl',
      '  HostName curnagl.site.org',
      '  User me',
      'Host one two *.site.org !bad',
      'Host *',
      '  User anybody'
    ]);
    expect(await sshAliases({ HOME: home })).toEqual([
      { alias: 'curnagl', hostName: 'curnagl.site.org', user: 'me' },
      { alias: 'one', hostName: 'one', user: 'anybody' },
      { alias: 'two', hostName: 'two', user: 'anybody' }
    ]);
  });

  it('come through Include, where it counts', async () => {
    await write('more', ['Host more']);
    await write('inner', ['Host a b']);
    await write('config', ['Include more missing*', 'Host a', 'Include inner', 'Match user x']);
    expect(await aliases()).toEqual(['more', 'a']);
  });

  it('come once each, without what no host can be called', async () => {
    await write('config', ['Host a a -oX', 'Host a', 'Match all', 'Host b:c/d b']);
    expect(await aliases()).toEqual(['a', 'b']);
  });

  it('have the local user where none is named', async () => {
    await write('config', ['Host a']);
    expect(await sshAliases({ HOME: home })).toMatchObject([{ user: userInfo().username }]);
  });

  it('are none without a configuration', async () => {
    expect(await aliases()).toEqual([]);
  });

  it('can be of another file', async () => {
    await write('other', ['Host other']);
    expect(await sshAliases({ HOME: home }, '~/.ssh/other')).toMatchObject([{ alias: 'other' }]);
  });

  it('are refused in words when the file cannot be read', async () => {
    await write('config', ['Host "open']);
    await expect(aliases()).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
