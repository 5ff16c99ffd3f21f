import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFind, parseFind, withoutScript } from '../find-script';
import { HomeRule } from '../home-rule';
import { parseListLine, toRow } from '../listed-file';

const rule = new HomeRule({ fetch: { include: [], none: false } }, { fetchRules: [] });

describe('the list of a worker', () => {
  it('is read line by line', () => {
    const line = '{"path":"a\\nb","bytes":3,"modifiedAt":1.5,"isNew":true,"problem":null}';
    expect(parseListLine(line)).toEqual({ path: 'a\nb', bytes: 3, isNew: true, problem: null });
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"path":"a"}',
    '{"path":1,"bytes":1,"isNew":true,"problem":null}',
    '{"path":"a","bytes":-1,"isNew":true,"problem":null}',
    '{"path":"a","bytes":1.5,"isNew":true,"problem":null}',
    '{"path":"a","bytes":1e999,"isNew":true,"problem":null}'
  ])('holds no line like %s', line => {
    expect(parseListLine(line)).toBeNull();
  });

  it('becomes rows of which nothing is taken on trust', () => {
    const row = (path: string, problem: string | null = null): unknown =>
      toRow({ path, bytes: 5, isNew: true, problem }, rule, 1);
    expect(row('a.png')).toMatchObject({ state: 'there', kind: 'picture', rank: 2 });
    expect(row('../../a.png')).toMatchObject({ state: 'refused', rank: null });
    expect(row('a.png', 'it is a named pipe')).toMatchObject({
      state: 'refused',
      reason: 'it is a named pipe'
    });
    expect(row('a\udcff\ud800.png')).toMatchObject({ path: 'a\\xff\\ud800.png', state: 'refused' });
  });
});

describe('looking what a dead worker left', () => {
  let work: string;

  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), 'work-'));
  });

  afterEach(() => {
    rmSync(work, { recursive: true });
  });

  const find = (cwd: string, sent: string[] = []): Record<string, unknown> => {
    const stdout = execFileSync('/bin/sh', { input: buildFind(work) });
    return Object.fromEntries(
      parseFind(stdout, cwd, new Set(sent)).map(({ path, ...rest }) => [path, rest])
    );
  };

  it('gives each file as seen from the task’s folder, and follows no link', () => {
    mkdirSync(join(work, 'nb/__pycache__'), { recursive: true });
    writeFileSync(join(work, 'nb/__pycache__/x.pyc'), '');
    writeFileSync(join(work, "nb/it's\na \\ name"), '12345');
    writeFileSync(join(work, 'above.csv'), '1');
    writeFileSync(Buffer.concat([Buffer.from(`${work}/nb/x`), Buffer.from([0xff])]), '1');
    symlinkSync('/etc', join(work, 'nb/etc'));
    execFileSync('mkfifo', [join(work, 'nb/pipe')]);
    expect(find('nb', ['../above.csv'])).toEqual({
      "it's\na \\ name": { bytes: 5, isNew: true, problem: null },
      '../above.csv': { bytes: 1, isNew: false, problem: null },
      'x\ufffd': { bytes: 0, isNew: true, problem: 'its name is no text (UTF-8)' },
      etc: { bytes: 0, isNew: true, problem: 'it is a symbolic link' },
      pipe: { bytes: 0, isNew: true, problem: 'it is a named pipe' }
    });
  });

  it.each([
    [[], ['script.py', 'script-1.py', 'script-10.py', 'nb/script.py'], 'script.py'],
    [['script.py'], ['script.py', 'script-1.py', 'script-10.py', 'my-script.py'], 'script-1.py'],
    [[], ['a.csv'], null]
  ])('leaves out the copy of a script alone: %j', (sent, paths, own) => {
    const files = paths.map(path => ({ path, bytes: 1, isNew: true, problem: null }));
    const rest = withoutScript(files, new Set(sent)).map(({ path }) => path);
    expect(rest).toEqual(paths.filter(path => path !== own));
  });

  it('says where there is nothing to look at', () => {
    rmSync(work, { recursive: true });
    expect(() => execFileSync('/bin/sh', { input: buildFind(work), stdio: 'pipe' })).toThrow();
    mkdirSync(work);
  });
});
