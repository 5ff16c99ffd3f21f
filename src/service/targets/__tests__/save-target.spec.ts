import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveTarget } from '../save-target';

const HOST = { key: 'host', value: 'moon' };

describe('a target is saved', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'save-'));
    path = join(folder, 'config.toml');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('into a new file that only its owner may read, in new folders', async () => {
    const deep = join(folder, 'sluice/config.toml');
    await saveTarget(deep, 'moon', [HOST]);
    expect(readFileSync(deep, 'utf8')).toBe('[targets.moon]\nhost = "moon"\n');
    expect(statSync(deep).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'sluice')).mode & 0o777).toBe(0o700);
  });

  it('into the file behind a link, whose mode and other text stay', async () => {
    const real = join(folder, 'real.toml');
    writeFileSync(real, '# mine\n');
    chmodSync(real, 0o640);
    symlinkSync(real, path);
    await saveTarget(path, 'moon', [HOST]);
    expect(readFileSync(real, 'utf8')).toBe('# mine\n\n[targets.moon]\nhost = "moon"\n');
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['config.toml', 'real.toml']);
  });

  it.each([
    ['cannot be read as TOML', 'default = \n', 'moon', /config\.toml was left as it is/],
    [
      'has another host under that name',
      '[targets.moon]\nhost = "m"\n',
      'moon',
      /for another host/
    ],
    [
      'would have two tables of it',
      'targets = { moon = { host = "moon" } }\n',
      'moon',
      /line by line/
    ],
    ['is asked to take “here”', '', 'here', /this machine/],
    ['has a key that Sluice does not know', 'colour = 1\n', 'moon', /colour/]
  ])('never where the file %s', async (_, text, name, words) => {
    writeFileSync(path, text);
    await expect(saveTarget(path, name, [HOST])).rejects.toMatchObject({
      code: 'config-not-written',
      message: expect.stringMatching(words) as string
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['config.toml']);
  });

  it('never with a value that Sluice would not read', async () => {
    writeFileSync(path, '# mine\n');
    await expect(
      saveTarget(path, 'moon', [{ key: 'root', value: 'relative' }])
    ).rejects.toMatchObject({ code: 'config-not-written' });
    expect(readFileSync(path, 'utf8')).toBe('# mine\n');
    expect(readdirSync(folder)).toEqual(['config.toml']);
  });
});
