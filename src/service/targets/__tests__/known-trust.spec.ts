import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerTrust } from '../answer-trust';
import { KnownTrust } from '../known-trust';
import type { Trust } from '../target';
import { TargetBook } from '../target-book';

describe('how far a target is trusted', () => {
  let directory: string;
  let known: KnownTrust;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-trust-'));
    known = new KnownTrust(join(directory, 'trust.json'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const path = (name: string): string => join(directory, name);
  const write = (name: string, text: string): void => {
    writeFileSync(path(name), text);
  };
  const book = (): TargetBook =>
    new TargetBook({
      sitePath: path('site.toml'),
      userPath: path('user.toml'),
      hereRoot: '/state/here',
      hasController: () => Promise.resolve(true),
      inAllocation: false,
      trusted: place => known.find(place)
    });
  const told = async (name: string): Promise<[Trust, boolean]> => {
    const { trust, asksTrust } = await book().find(name, null);
    return [trust, asksTrust];
  };
  const answer = async (name: string, trust: Trust): Promise<string> =>
    answerTrust(await book().find(name, null), trust, { userPath: path('user.toml'), known });

  it('is asked of a target that says nothing of it, and of none that Sluice brings', async () => {
    write(
      'user.toml',
      '[targets.own]\nhost = "a"\n[targets.sure]\nhost = "b"\ntrust = "outputs"\n'
    );
    expect(await told('own')).toEqual(['none', true]);
    expect(await told('sure')).toEqual(['outputs', false]);
    expect(await told('here')).toEqual(['pickles', false]);
    expect(await told('slurm')).toEqual(['outputs', false]);
  });

  it('is written into the person’s own table, all else untouched', async () => {
    write('user.toml', '# mine\n[targets.own]\nhost = "a" # the old one\n');
    expect(await answer('own', 'pickles')).toBe(path('user.toml'));
    expect(readFileSync(path('user.toml'), 'utf8')).toBe(
      '# mine\n[targets.own]\nhost = "a" # the old one\ntrust = "pickles"\n'
    );
    expect(await told('own')).toEqual(['pickles', false]);
    await answer('own', 'none');
    expect(await told('own')).toEqual(['none', false]);
  });

  it('is kept privately where another file has the table, and wins over that file', async () => {
    write(
      'site.toml',
      '[targets.far]\nhost = "far"\n[targets.said]\nhost = "s"\ntrust = "pickles"\n'
    );
    expect(await told('far')).toEqual(['none', true]);
    expect(await answer('far', 'outputs')).toBe(path('trust.json'));
    expect(statSync(path('trust.json')).mode & 0o777).toBe(0o600);
    expect(await told('far')).toEqual(['outputs', false]);
    await answer('said', 'none');
    expect(await told('said')).toEqual(['none', false]);
    known = new KnownTrust(path('trust.json'));
    expect(await told('far')).toEqual(['outputs', false]);
    write('site.toml', '[targets.far]\nhost = "another"\n');
    expect(await told('far')).toEqual(['none', true]);
  });

  it('a damaged file answers nothing; this machine is not asked about', async () => {
    write('trust.json', '{"version": 1, "answers": [{"name": "far", "trust": "all"}]');
    write('site.toml', '[targets.far]\nhost = "far"\n');
    expect(await told('far')).toEqual(['none', true]);
    await expect(answer('here', 'none')).rejects.toMatchObject({ code: 'request-invalid' });
  });

  it('a table that cannot be changed by lines is left alone, in words', async () => {
    write('user.toml', 'targets = { own = { host = "a" } }\n');
    await expect(answer('own', 'outputs')).rejects.toMatchObject({ code: 'config-not-written' });
    expect(readFileSync(path('user.toml'), 'utf8')).toBe('targets = { own = { host = "a" } }\n');
  });
});
