import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { prepareGround } from '../ground';
import { besidePath, land } from '../land';
import { sha256 } from '../../sync/sha256';
import { nameProblem } from '../name-problem';

/** Paths that a host may tell, of which none may become one here. One folder above is the task’s. */
const REFUSED: Record<string, string> = {
  nothing: '',
  'the folder itself': '.',
  'the folder above': '..',
  'a folder alone': 'a/',
  absolute: '/etc/passwd',
  'absolute, doubled': '//etc/passwd',
  'two up': '../../x',
  'three up': '../../../x',
  'up and up again': '../a/../../x',
  'up in the middle': 'a/../../x',
  'up in the middle, harmless': 'a/../x',
  'up at the end': 'a/..',
  'a dot in the middle': 'a/./x',
  'a dot first': './x',
  'doubled slash': 'a//x',
  NUL: 'a\0b',
  'line break': 'a\nb',
  'carriage return': 'a\rb',
  tab: 'a\tb',
  escape: '\u001b[2J',
  bell: 'a\u0007',
  DEL: 'a\u007f',
  C1: 'a\u009b31m',
  'line separator': 'a\u2028b',
  'right to left': 'a\u202egnp.exe',
  isolate: 'a\u2066b',
  'zero width': 'a\u200bb',
  'zero width joiner in git': '.g\u200dit/config',
  'byte order mark': '\ufeffa',
  'soft hyphen': 'a\u00adb',
  'half a pair': 'a\ud800b',
  'byte that is no text': 'a\udcffb',
  git: '.git/config',
  'git hook': '.git/hooks/post-checkout',
  'Git in capitals': '.GIT/config',
  'git, a short name': 'git~1/config',
  'Git, a short name in capitals': 'GIT~1/hooks/pre-commit',
  'git below': 'sub/.git/config',
  'git above': '../.git/hooks/pre-push',
  ssh: '.ssh/authorized_keys',
  'ssh above': '../.ssh/config',
  bashrc: '.bashrc',
  'bashrc above': '../.bashrc',
  profile: '.profile',
  environment: '.env',
  direnv: '.envrc',
  npm: '.npmrc',
  pip: '.pypirc',
  'configuration of ours': 'sluice.toml',
  'configuration of ours, other case': 'Sluice.TOML',
  'configuration of ours above': '../sluice.toml',
  'configuration of ours, wide letters': 'ｓluice.toml',
  ipython: '.ipython/profile_default/startup/x.py',
  jupyter: '.jupyter/jupyter_server_config.py',
  config: '.config/autostart/x.desktop',
  'hidden file': '.hidden',
  'hidden folder below': 'a/.b/c',
  'three dots': '.../x',
  'four dots': '..../x',
  'desktop file of Windows': 'desktop.ini',
  'autorun of Windows': 'AutoRun.inf',
  'a long name': 'x'.repeat(300),
  'a long name of wide letters': '☃'.repeat(100),
  'a long path': `${'abcdefgh/'.repeat(500)}x`,
  'a part of ours': '.sluice-sl-abc-0123456789ab.part'
};

describe('names that a host tells', () => {
  it('are enough', () => {
    expect(Object.keys(REFUSED).length).toBeGreaterThanOrEqual(60);
  });

  it.each(Object.entries(REFUSED))('may not be: %s', (_, path) => {
    expect(nameProblem(path, 1)).toEqual(expect.any(String));
  });

  it.each(
    [
      'a',
      'a b',
      'é☃.png',
      '-rf',
      '$(touch x)',
      "it's",
      '"',
      '`id`',
      'a\\b',
      '*',
      '?',
      '~',
      'a;b',
      '#x'
    ].concat(['../x', 'a.b/c..d', 'con', 'a%00b', '%2e%2e/x'])
  )('may be: %s', path => {
    expect(nameProblem(path, 1)).toBeNull();
  });

  it('lead up only as far as the task’s own folders', () => {
    expect(nameProblem('../x', 0)).toEqual(expect.any(String));
    expect(nameProblem('../../x', 2)).toBeNull();
  });
});

describe('places here', () => {
  let root: string;
  const at = (...names: string[]): string => join(root, ...names);
  const ground = () => ({ folder: at('project', 'nb'), levels: 1, umask: 0o022, isChosen: false });

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'ground-')));
    mkdirSync(at('project', 'nb'), { recursive: true });
    mkdirSync(at('outside'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const everything = (): string[] => [...readdirSync(root), ...readdirSync(at('outside'))];

  it.each<[string, string, (link: string) => void]>([
    ['a link that leads outside', 'link/x', link => symlinkSync(at('outside'), link)],
    ['a relative one', 'link/x', link => symlinkSync('../../outside', link)],
    ['one that leads to the root', 'link/x', link => symlinkSync('/', link)],
    ['one to the home', 'link/x', link => symlinkSync(process.env['HOME'] ?? '/root', link)],
    ['one to nowhere', 'link/x', link => symlinkSync(at('nowhere'), link)],
    ['one to itself', 'link/x', link => symlinkSync(link, link)],
    ['one to a file', 'link/x', link => symlinkSync('/etc/passwd', link)],
    ['a file in place of a folder', 'link/x', link => writeFileSync(link, '')],
    ['a deeper one', 'link/a/b/x', link => symlinkSync(at('outside'), link)]
  ])('are refused behind %s', async (_, path, lay) => {
    lay(at('project', 'nb', 'link'));
    expect(await prepareGround(ground(), path)).toEqual({ problem: expect.any(String) as string });
    expect(everything()).toEqual(['outside', 'project']);
  });

  it('may lie behind a link within the project', async () => {
    mkdirSync(at('project', 'data'));
    symlinkSync('../data', at('project', 'nb', 'link'));
    expect(await prepareGround(ground(), 'link/x')).toMatchObject({
      path: at('project', 'nb', 'link', 'x')
    });
  });

  it('in a folder that a person named never lead above it', async () => {
    const chosen = { ...ground(), folder: at('project', 'nb'), levels: 0, isChosen: true };
    expect(await prepareGround(chosen, '../../x')).toMatchObject({
      path: at('project', 'nb', 'x')
    });
  });

  const landing = (path: string, content: string) => {
    const part = at('project', 'nb', '.part');
    writeFileSync(part, content);
    const word = 'sl-abcdef';
    const common = { replaceable: [], isKept: false, word, umask: 0o022 };
    return { part, path, sha256: sha256(content), ...common };
  };

  it('never take what a link here leads to', async () => {
    writeFileSync(at('outside', 'secret'), 'mine');
    const path = at('project', 'nb', 'x.png');
    symlinkSync(at('outside', 'secret'), path);
    const landed = await land({ ...landing(path, 'theirs'), replaceable: [sha256('mine')] });
    expect(landed).toEqual({ state: 'beside', path: besidePath(path, 'sl-abcdef', 1) });
    expect(readFileSync(at('outside', 'secret'), 'utf8')).toBe('mine');
    expect(readFileSync(landed.path, 'utf8')).toBe('theirs');
  });

  it('are kept by the notebook itself, even where nobody changed it', async () => {
    const path = at('project', 'nb', 'n.ipynb');
    writeFileSync(path, 'mine');
    const given = { ...landing(path, 'theirs'), replaceable: [sha256('mine')], isKept: true };
    expect((await land(given)).state).toBe('beside');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('are replaced only over what had travelled, with its permissions', async () => {
    const path = at('project', 'nb', 'data.csv');
    writeFileSync(path, 'mine', { mode: 0o640 });
    expect((await land(landing(path, 'theirs'))).state).toBe('beside');
    expect(readFileSync(path, 'utf8')).toBe('mine');
    const given = { ...landing(path, 'other'), replaceable: [sha256('mine')] };
    expect(await land(given)).toEqual({ state: 'home', path });
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['other', 0o640]);
  });

  it('get a number when there is something beside already', async () => {
    const path = at('project', 'nb', 'a.tar.gz');
    writeFileSync(path, 'mine');
    const landed = [];
    for (const content of ['one', 'two', 'one']) {
      landed.push(basename((await land(landing(path, content))).path));
    }
    expect(landed).toEqual(['a.tar.sl-abcdef.gz', 'a.tar.sl-abcdef-2.gz', 'a.tar.sl-abcdef.gz']);
    expect(existsSync(at('project', 'nb', '.part'))).toBe(false);
  });

  it('are never executable, and have the person’s umask', async () => {
    const path = at('project', 'nb', 'run.sh');
    await land({ ...landing(path, '#!/bin/sh'), umask: 0o027 });
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });
});
