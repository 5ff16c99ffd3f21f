import { chmod, symlink } from 'node:fs/promises';
import { diskFiles, Project } from '../../__tests__/project';

let project: Project;

async function make(files: Record<string, string>): Promise<Project> {
  project = await Project.create(files);
  return project;
}

afterEach(() => project.remove());

describe('local modules', () => {
  it('follows a package with relative imports, parents included, and nothing else', async () => {
    await make({
      'pkg/__init__.py': '',
      'pkg/a.py': 'from . import b\nfrom .sub.deep import y',
      'pkg/b.py': 'import tool',
      'pkg/sub/__init__.py': '',
      'pkg/sub/deep.py': 'from ...pkg import b\nfrom .. import b\ny = 1',
      'pkg/unused.py': '',
      'tool.py': '',
      'other.py': ''
    });
    const captured = await project.follow('import pkg.a as p\np.y');
    expect(captured.modules.map(({ path }) => path)).toEqual([
      'pkg/__init__.py',
      'pkg/a.py',
      'pkg/b.py',
      'pkg/sub/__init__.py',
      'pkg/sub/deep.py',
      'tool.py'
    ]);
    expect(captured.roots).toEqual([project.folder]);
    expect(captured.leftOut).toMatchObject([{ kind: 'module', name: '...pkg' }]);
    const why = Object.fromEntries(captured.modules.map(each => [each.module, each.why]));
    expect(why).toMatchObject({
      pkg: 'package of pkg.a',
      'pkg.a': 'imported by the cell, line 1',
      tool: 'imported by pkg/b.py, line 1'
    });
  });

  it('takes submodules named in from-imports, and no attributes for missing modules', async () => {
    await make({ 'pkg/__init__.py': 'value = 1', 'pkg/sub.py': '' });
    const { modules, leftOut } = await project.follow('from pkg import sub, value');
    expect(modules.map(({ module }) => module)).toEqual(['pkg', 'pkg.sub']);
    expect(leftOut).toEqual([]);
  });

  it('takes the submodules that __all__ names for a star import only', async () => {
    await make({ 'pkg/__init__.py': '__all__ = ["sub"]', 'pkg/sub.py': '' });
    expect(await project.paths('import pkg')).toEqual(['pkg/__init__.py']);
    expect(await project.paths('from pkg import *')).toEqual(['pkg/__init__.py', 'pkg/sub.py']);
  });

  it('ends on circular imports', async () => {
    await make({ 'a.py': 'import b', 'b.py': 'import a' });
    expect(await project.paths('import a')).toEqual(['a.py', 'b.py']);
  });

  it('follows lazy, conditional, constant dynamic imports, but none for type checkers', async () => {
    await make({
      'main.py': [
        'from importlib import import_module',
        'def f():\n    import lazy',
        'try:\n    import fast\nexcept ImportError:\n    import slow',
        'if TYPE_CHECKING:\n    import types_only',
        'import_module("plug")'
      ].join('\n'),
      'lazy.py': '',
      'slow.py': '',
      'types_only.py': '',
      'plug.py': ''
    });
    const captured = await project.follow('import main');
    const modules = captured.modules.map(({ module }) => module);
    expect(modules).toEqual(['lazy', 'main', 'plug', 'slow']);
    expect(captured.leftOut.map(({ name }) => name)).toEqual(['importlib']);
  });

  it('joins namespace packages over several entries of sys.path', async () => {
    await make({ 'one/ns/sub/mod.py': 'import ns.other', 'two/ns/other.py': '' });
    const sysPath = [project.at('one'), project.at('two')];
    const captured = await project.follow('from ns.sub import mod', { sysPath });
    expect(captured.modules.map(({ path }) => path)).toEqual(['ns/sub/mod.py', 'ns/other.py']);
    expect(captured.roots).toEqual(sysPath);
  });

  it('prefers, as Python does, a package to a module and a later package to a bare folder', async () => {
    await make({
      'one/a/__init__.py': '',
      'one/a.py': '',
      'one/b/data.txt': '',
      'two/b/__init__.py': ''
    });
    const sysPath = [project.at('one'), project.at('two')];
    const { modules } = await project.follow('import a, b', { sysPath });
    expect(modules.map(({ absolute }) => absolute)).toEqual([
      project.at('one/a/__init__.py'),
      project.at('two/b/__init__.py')
    ]);
  });

  it('leaves installed packages, also those of a .venv in the project', async () => {
    await make({
      '.venv/lib/site-packages/dist/__init__.py': 'import local',
      'local.py': ''
    });
    expect(await project.paths('import dist')).toEqual([]);
  });

  it('takes a local module that shadows an installed one, not one that Python never looks for', async () => {
    await make({
      '.venv/lib/site-packages/random.py': '',
      'random.py': '',
      'sys.py': '',
      'sluice.py': ''
    });
    expect(await project.paths('import random, sys, sluice')).toEqual(['random.py']);
  });

  it('takes extension modules of this Python only', async () => {
    await make({
      'fast.cpython-311-x86_64-linux-gnu.so': '',
      'slow.cpython-39-x86_64-linux-gnu.so': '',
      'any.abi3.so': ''
    });
    const { modules, leftOut } = await project.follow('import fast, slow, any');
    expect(modules.map(({ module }) => module)).toEqual(['any', 'fast']);
    expect(leftOut).toMatchObject([{ kind: 'module', name: 'slow' }]);
  });

  it('follows modules that the kernel names', async () => {
    await make({ 'pkg/__init__.py': '', 'pkg/shapes.py': 'import units', 'units.py': '' });
    const modules = ['pkg.shapes', 'pkg.shapes.Square', '__main__'];
    const captured = await project.follow('x', { modules });
    expect(captured.modules.map(({ module }) => module)).toEqual(['pkg', 'pkg.shapes', 'units']);
    expect(captured.leftOut).toEqual([]);
  });

  it('names what is nowhere, once, and keeps quiet about what a source can do without', async () => {
    await make({
      'a.py': 'import gone.sub\ntry:\n    import extra\nexcept ImportError:\n    pass'
    });
    const { leftOut } = await project.follow('import a, gone, math');
    expect(leftOut).toEqual([
      { kind: 'module', name: 'gone', reason: 'not found here; imported by the cell, line 1' }
    ]);
  });

  it('follows a module with broken syntax and one through a symbolic link', async () => {
    await make({ 'broken.py': 'def (:\nimport real', 'real.py': 'import linked', 'src/m.py': '' });
    await symlink(project.at('src/m.py'), project.at('linked.py'));
    expect(await project.paths('import broken')).toEqual(['broken.py', 'linked.py', 'real.py']);
  });

  it('refuses a module that vanishes while it is read', async () => {
    await make({ 'a.py': '' });
    const digest = (): Promise<never> => Promise.reject(new Error('no such file'));
    const following = project.follow('import a', {}, { ...diskFiles, digest });
    const details = { path: project.at('a.py'), problem: 'no such file' };
    await expect(following).rejects.toMatchObject({ code: 'module-unreadable', details });
  });

  it('survives a loop of links, and a folder with the name of a module file', async () => {
    await make({});
    await symlink(project.at('loop'), project.at('loop'));
    const { leftOut } = await project.follow('import loop');
    expect(leftOut).toMatchObject([{ name: 'loop' }]);
    await project.write({ 'folder.py/x': '' });
    expect(await project.paths('import folder')).toEqual([]);
  });

  it('keeps the executable bit only', async () => {
    await make({ 'a.py': 'import b', 'b.py': '' });
    await chmod(project.at('a.py'), 0o710);
    await chmod(project.at('b.py'), 0o600);
    const { modules } = await project.follow('import a');
    expect(modules.map(({ mode }) => mode)).toEqual([0o755, 0o644]);
  });
});

describe('folders that a cell puts on sys.path', () => {
  it('brings modules of a relative folder with a space in place too', async () => {
    await make({ 'my lib/helper.py': 'import deeper', 'my lib/deeper.py': '' });
    const source = 'import sys\nsys.path.append("my lib")\nimport helper';
    const captured = await project.follow(source);
    expect(captured.modules.map(({ path }) => path)).toEqual(['deeper.py', 'helper.py']);
    expect(captured.roots).toEqual([project.at('my lib')]);
    expect(captured.files.map(({ path }) => path)).toEqual([
      'my lib/deeper.py',
      'my lib/helper.py'
    ]);
    expect(captured.leftOut).toEqual([]);
  });

  it('follows them where an earlier cell did it', async () => {
    await make({ 'my lib/helper.py': '' });
    const sysPath = [project.folder, project.at('my lib')];
    const captured = await project.follow('import helper', { sysPath });
    expect(captured.roots).toEqual([project.at('my lib')]);
    expect(captured.files).toEqual([]);
  });
});

describe('data files', () => {
  it('takes the files that constants name, and says why others stay', async () => {
    await make({
      'nb/data/x.csv': '1',
      'nb/out.txt': 'old',
      'nb/.env': 'KEY=1',
      'nb/folder/f': '',
      'shared.csv': '2'
    });
    const absolute = project.at('nb/data/x.csv');
    const source = [
      'pd.read_csv("data/x.csv"); open("../shared.csv")',
      'open("out.txt", "w"); open(".env"); train("folder/")',
      `open(${JSON.stringify(absolute)}); print("nothing.csv", "nb", "")`
    ].join('\n');
    const captured = await project.follow(source, { cwd: project.at('nb') });
    expect(captured.files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['../shared.csv', 1],
      ['data/x.csv', 1]
    ]);
    expect(captured.leftOut.map(({ kind, name }) => [kind, name])).toEqual([
      ['file', '.env'],
      ['file', absolute],
      ['file', 'folder/']
    ]);
  });

  it('leaves absolute paths and those too far up', async () => {
    await make({ 'far.csv': '', 'a/b/c/d/near': '', 'a/b/c/d/abs.csv': '' });
    const absolute = project.at('a/b/c/d/abs.csv');
    const source = `open("../../../../far.csv"), open("near"), open("${absolute}")`;
    const captured = await project.follow(source, { cwd: project.at('a/b/c/d') });
    expect(captured.files.map(({ path }) => path)).toEqual(['near']);
    expect(captured.leftOut.map(({ name }) => name)).toEqual(['../../../../far.csv', absolute]);
  });
});
