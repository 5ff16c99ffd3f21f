import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TargetBook } from '../target-book';

describe('TargetBook', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-targets-'));
    mkdirSync(join(directory, 'project', 'deep'), { recursive: true });
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const book = (change: { controller?: boolean; inAllocation?: boolean } = {}): TargetBook =>
    new TargetBook({
      sitePath: join(directory, 'site.toml'),
      userPath: join(directory, 'user.toml'),
      hereRoot: '/state/here',
      hasController: () => Promise.resolve(change.controller ?? false),
      inAllocation: change.inAllocation ?? false
    });

  const write = (name: string, text: string): void => {
    writeFileSync(join(directory, name), text);
  };

  it('has the embedded target without any file, and it is the default', async () => {
    const target = await book().find(null, null);
    expect(target).toMatchObject({ name: 'here', scheduler: 'process', root: '/state/here' });
  });

  it('makes a controller on this machine the default, so that nothing runs on a login node unasked', async () => {
    expect((await book({ controller: true }).find(null, null)).name).toBe('slurm');
    expect((await book({ controller: true, inAllocation: true }).find(null, null)).name).toBe(
      'here'
    );
    expect((await book({ controller: true }).find('here', null)).name).toBe('here');
  });

  it('lets later files win key by key', async () => {
    write('site.toml', '[targets.big]\nhost = "big"\npartition = "cpu"\ntime = "1:00:00"\n');
    write('user.toml', 'default = "big"\n[targets.big]\npartition = "gpu"\n');
    write('project/sluice.toml', '[targets.big]\ncpus = 4\n');
    const target = await book().find(null, join(directory, 'project', 'deep'));
    expect(target.host).toBe('big');
    expect(target.resources).toMatchObject({ partition: 'gpu', time: '1:00:00', cpus: 4 });
  });

  it('names the known targets when one is unknown', async () => {
    write('user.toml', '[targets.big]\nhost = "big"\n');
    await expect(book().find('bgi', null)).rejects.toMatchObject({
      code: 'target-unknown',
      details: { target: 'bgi', known: 'here, big' }
    });
  });

  it.each([
    ['a syntax error', 'default = ', 'config-invalid'],
    ['an unknown key', '[targets.big]\nhots = "big"\n', 'config-invalid'],
    ['a bad memory', '[targets.big]\nmemory = "lots"\n', 'config-invalid'],
    ['a bad size', '[targets.big]\nmax_variable = "lots"\n', 'config-invalid']
  ])('refuses %s with the file’s path', async (_, text, code) => {
    write('user.toml', text);
    await expect(book().find('big', null)).rejects.toMatchObject({
      code,
      details: { path: join(directory, 'user.toml') }
    });
  });

  it('reads what the project says of files, and the places here', async () => {
    write('user.toml', 'exclude = ["*.ckpt"]\n[targets.here.paths]\ndata = "/d"\n');
    write('project/sluice.toml', 'include = ["data/"]\n[targets.here.paths]\nraw = "/r"\n');
    const { fileRules, pathsHere } = await book().find(null, join(directory, 'project', 'deep'));
    const folder = join(directory, 'project');
    const source = join(folder, 'sluice.toml');
    expect(pathsHere).toEqual({ data: '/d', raw: '/r' });
    expect(fileRules).toEqual([
      { folder, include: [], exclude: ['*.ckpt'], source: join(directory, 'user.toml') },
      { folder, include: ['data/'], exclude: [], source }
    ]);
  });

  it('knows the way to a host that a target names, but not from a project', async () => {
    write('site.toml', '[targets.big]\nhost = "big"\ntransport = "openssh"\n');
    write('user.toml', '[targets.old]\nhost = "big"\n[targets.small]\nhost = "small"\n');
    expect((await book().find('big', null)).transport).toBe('openssh');
    expect((await book().find('old', null)).transport).toBeNull();
    expect(await book().transportTo({ host: 'big', sshConfig: null })).toBe('openssh');
    expect(await book().transportTo({ host: 'big', sshConfig: '/other' })).toBeNull();
    expect(await book().transportTo({ host: 'small', sshConfig: null })).toBeNull();
    write('project/sluice.toml', '[targets.big]\ntransport = "ssh2"\n');
    await expect(book().find('big', join(directory, 'project'))).rejects.toMatchObject({
      code: 'project-consent',
      details: { keys: 'targets.big.transport' }
    });
    write('user.toml', '[targets.big]\ntransport = "telnet"\n');
    await expect(book().find('big', null)).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('asks a host no sooner than any of its targets wants', async () => {
    write('site.toml', '[targets.big]\nhost = "big"\npoll_seconds = 90\n');
    write('user.toml', '[targets.same]\nhost = "big"\npoll_seconds = 300\n');
    write('project/sluice.toml', '[targets.same]\npoll_seconds = 900\n');
    expect(await book().pollFloorMs({ host: 'big', sshConfig: null })).toBe(300_000);
    expect(await book().pollFloorMs({ host: 'small', sshConfig: null })).toBe(0);
  });

  it('does not let a project’s file name a host or a command', async () => {
    write('project/sluice.toml', '[targets.evil]\nhost = "evil"\n');
    await expect(book().find('evil', join(directory, 'project'))).rejects.toMatchObject({
      code: 'project-consent',
      details: { keys: 'targets.evil.host' }
    });
  });
});
