import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { diskFiles, Project } from '../../__tests__/project';

let project: Project;

async function make(files: Record<string, string | Uint8Array>): Promise<Project> {
  project = await Project.create({});
  for (const [path, content] of Object.entries(files)) {
    await mkdir(project.at(path).replace(/\/[^/]*$/, ''), { recursive: true });
    await writeFile(project.at(path), content);
  }
  return project;
}

afterEach(() => project.remove());

describe('imports that only running them names', () => {
  it('takes what they may mean, and says that it is a guess', async () => {
    await make({ 'main.py': 'import_module(f"plug_{k}")', 'plug_a.py': '', 'plug_b.py': '' });
    const { modules, leftOut } = await project.follow('import main');
    expect(modules.map(({ module, why }) => [module, why])).toEqual([
      ['main', 'imported by the cell, line 1'],
      ['plug_a', 'may be imported by main.py, line 1'],
      ['plug_b', 'may be imported by main.py, line 1']
    ]);
    expect(leftOut).toEqual([
      {
        kind: 'module',
        name: 'import_module(f"plug_{k}")',
        reason:
          'which module this imports (main.py, line 1) is known only when it runs; it may mean ' +
          'plug_a, plug_b, so these travel'
      }
    ]);
  });

  it('says what to do about one of which nothing is known', async () => {
    await make({ 'plug_a.py': '' });
    const { modules, leftOut } = await project.follow('import_module(compute())');
    expect(modules).toEqual([]);
    expect(leftOut[0]?.reason).toMatch(/import it by its name in the cell too$/);
  });

  it('knows what the kernel’s names hold', async () => {
    await make({ 'plug_a.py': '', 'plug_b.py': '' });
    const constants = { kind: ['a'] };
    const captured = await project.follow('import_module(f"plug_{kind}")', { constants });
    expect(captured.modules.map(({ module }) => module)).toEqual(['plug_a']);
    expect(captured.leftOut).toEqual([]);
  });

  it('takes the modules that a source names in a list', async () => {
    await make({
      'main.py': 'for name in ["one", "p.two", "gone"]:\n    __import__(name)',
      'one.py': '',
      'p/__init__.py': '',
      'p/two.py': '',
      'other.py': ''
    });
    expect(await project.paths('import main')).toEqual([
      'main.py',
      'one.py',
      'p/__init__.py',
      'p/two.py'
    ]);
  });

  it('takes the parts that a lazy package names in its table', async () => {
    await make({
      'p/__init__.py': [
        '_LAZY = {"Model": ".models", "fit": ".training"}',
        'def __getattr__(name):',
        '    return getattr(import_module(f"{__name__}{_LAZY[name]}"), name)'
      ].join('\n'),
      'p/models.py': '',
      'p/training.py': '',
      'p/unused.py': ''
    });
    const paths = await project.paths('from p import Model');
    expect(paths).toEqual(['p/__init__.py', 'p/models.py', 'p/training.py']);
  });

  it('takes all of a package that lists its own folder', async () => {
    await make({
      'p/__init__.py': [
        'for found in pkgutil.iter_modules(__path__):',
        '    import_module(f".{found.name}", __package__)'
      ].join('\n'),
      'p/a.py': '',
      'p/b/__init__.py': '',
      'p/notes.txt': ''
    });
    expect(await project.paths('import p')).toEqual(['p/__init__.py', 'p/a.py', 'p/b/__init__.py']);
  });
});

describe('programs that the code runs', () => {
  it.each([
    ['%run tools/job.py --fast'],
    ['!python tools/job.py'],
    ['out = !python3 -u "tools/job.py" | tee log'],
    ['%%bash\ncd .\npython tools/job.py'],
    ['subprocess.run([sys.executable, "tools/job.py"])'],
    ['import subprocess as sp\nsp.check_call("python tools/job.py", shell=True)'],
    ['import runpy\nrunpy.run_path("tools/job.py")'],
    ['spec = importlib.util.spec_from_file_location("job", "tools/job.py")']
  ])('brings a script and what it imports to their places: %s', async cell => {
    await make({
      'tools/job.py': 'import beside\nif __name__ == "__main__":\n    import later',
      'tools/beside.py': '',
      'tools/later.py': '',
      'tools/unused.py': ''
    });
    const { files, modules } = await project.follow(cell);
    expect(modules).toEqual([]);
    expect(files.map(({ path }) => path)).toEqual([
      'tools/beside.py',
      'tools/job.py',
      'tools/later.py'
    ]);
  });

  it.each([['!python -m p.job'], ['subprocess.run(["python", "-m", "p.job"])']])(
    'follows a module that is run: %s',
    async cell => {
      await make({
        'p/__init__.py': '',
        'p/job.py': 'if __name__ == "__main__":\n    from . import later',
        'p/later.py': ''
      });
      const { files } = await project.follow(cell);
      expect(files.map(({ path }) => path)).toEqual(['p/__init__.py', 'p/job.py', 'p/later.py']);
    }
  );

  it('leaves what a module does only as a script', async () => {
    await make({ 'm.py': 'if __name__ == "__main__":\n    import cli', 'cli.py': '' });
    expect(await project.paths('import m')).toEqual(['m.py']);
  });
});

describe('what the kernel’s import system says', () => {
  it('takes a module that an import hook maps to another place', async () => {
    await make({ 'work/sources/__init__.py': 'from . import part', 'work/sources/part.py': '' });
    const file = project.at('work/sources/__init__.py');
    const hooked = [{ module: 'mapped', file, folders: [project.at('work/sources')] }];
    const { modules, leftOut } = await project.follow('import mapped', { hooked });
    expect(leftOut).toEqual([]);
    expect(modules.map(({ module, path, absolute }) => [module, path, absolute])).toEqual([
      ['mapped', 'mapped/__init__.py', file],
      ['mapped.part', 'mapped/part.py', project.at('work/sources/part.py')]
    ]);
  });

  it('takes a namespace package that only a hook knows', async () => {
    await make({ 'else/ns/a.py': '' });
    const hooked = [{ module: 'ns', file: null, folders: [project.at('else/ns')] }];
    const { modules, roots } = await project.follow('import ns.a', { hooked });
    expect(modules.map(({ path }) => path)).toEqual(['ns/a.py']);
    expect(roots).toEqual([project.at('else')]);
  });

  it('takes what is loaded although its folder is no longer on sys.path', async () => {
    await make({ 'gone/tool.py': '' });
    const file = project.at('gone/tool.py');
    const loaded = [{ module: 'tool', file, isChanged: false }];
    const { modules, roots, notes } = await project.follow('import tool', { loaded });
    expect(modules.map(({ absolute }) => absolute)).toEqual([file]);
    expect(roots).toEqual([project.at('gone')]);
    expect(notes).toEqual([]);
  });

  it('tells of a module that was edited since', async () => {
    await make({ 'tool.py': '', 'other.py': '' });
    const loaded = ['tool', 'other'].map(module => {
      return { module, file: project.at(`${module}.py`), isChanged: true };
    });
    const { notes } = await project.follow('import tool', { loaded });
    expect(notes).toMatchObject([
      {
        kind: 'module',
        name: 'tool.py',
        text: expect.stringContaining('restart the kernel') as string
      }
    ]);
  });
});

describe('installed distributions', () => {
  const SITE = '.venv/lib/site-packages';

  it('are told with their versions, found by what they bring', async () => {
    await make({
      [`${SITE}/yaml/__init__.py`]: '',
      [`${SITE}/PyYAML-6.0.dist-info/METADATA`]:
        'Metadata-Version: 2.1\nName: PyYAML\nVersion: 6.0\n',
      [`${SITE}/PyYAML-6.0.dist-info/RECORD`]: 'yaml/__init__.py,,\n../../bin/x,,\n',
      [`${SITE}/cloud/one/__init__.py`]: '',
      [`${SITE}/cloud/two/__init__.py`]: '',
      [`${SITE}/one-1.dist-info/METADATA`]: 'Name: cloud-one\nVersion: 1\n',
      [`${SITE}/one-1.dist-info/RECORD`]: 'cloud/one/__init__.py,,\n',
      [`${SITE}/two-2.dist-info/METADATA`]: 'Name: cloud-two\nVersion: 2\n',
      [`${SITE}/two-2.dist-info/RECORD`]: 'cloud/two/__init__.py,,\n',
      [`${SITE}/old.py`]: '',
      [`${SITE}/old-3.egg-info/PKG-INFO`]: 'Name: Old\nVersion: 3\n',
      [`${SITE}/old-3.egg-info/top_level.txt`]: 'old\n',
      [`${SITE}/kernel_only.py`]: '',
      [`${SITE}/kernel_only-4.dist-info/METADATA`]: 'Name: kernel-only\nVersion: 4\n',
      [`${SITE}/unlisted.py`]: '',
      'local.py': 'import yaml, cloud.two'
    });
    const imports = [{ name: 'k', module: 'kernel_only', attribute: null }];
    const { packages } = await project.follow('import local, old, unlisted', { imports });
    expect(packages).toEqual([
      { name: 'Old', version: '3', why: 'imported by the cell, line 1' },
      { name: 'PyYAML', version: '6.0', why: 'imported by local.py, line 1' },
      { name: 'cloud-two', version: '2', why: 'imported by local.py, line 1' },
      { name: 'kernel-only', version: '4', why: 'imported in the notebook as k' }
    ]);
  });

  it('say which variable needs them', async () => {
    await make({
      [`${SITE}/arrays/__init__.py`]: '',
      [`${SITE}/arrays-1.dist-info/METADATA`]: 'Name: arrays\nVersion: 1\n',
      [`${SITE}/other.py`]: '',
      [`${SITE}/other-2.dist-info/METADATA`]: 'Name: other\nVersion: 2\n'
    });
    const value = { type: 'arrays.Array', bytes: 1, blobs: [], why: '' };
    const { packages } = await project.follow('x', {
      modules: ['arrays', 'other'],
      values: [{ ...value, name: 'x', format: 'npy' }]
    });
    expect(packages).toEqual([
      { name: 'arrays', version: '1', why: 'needed by the variable x' },
      { name: 'other', version: '2', why: 'needed by a name of the kernel' }
    ]);
  });

  it('are not missed where nothing is known of the Python', async () => {
    await make({ 'a.py': '' });
    const capture = { python: null, installedRoots: [], sysPath: [project.folder] };
    const { leftOut } = await project.follow('import json, numpy, a', capture);
    expect(leftOut).toEqual([]);
  });
});

describe('sources that are hard to read', () => {
  it.each([
    ['latin-1', '# -*- coding: latin-1 -*-\nx = "', [0xe9], '"\nimport other'],
    [
      'cp1252',
      '#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = "',
      [0x93],
      '"\nimport other'
    ],
    ['a byte order mark', '\ufeffimport other\nx = "', [0xc3, 0xa9], '"']
  ])('reads %s', async (_, before, bytes, after) => {
    const source = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    await make({ 'm.py': source, 'other.py': '' });
    const { modules, notes } = await project.follow('import m');
    expect(modules.map(({ module }) => module)).toEqual(['m', 'other']);
    expect(notes).toEqual([]);
  });

  it.each([
    ['what is not UTF-8', Buffer.from([0x78, 0x0a, 0xff]), /^line 2: it is not UTF-8/],
    ['an unknown encoding', '# coding: klingon\nimport other', /klingon is not known here/],
    ['a bracket that is never closed', 'a = (\nimport other', /^line 1: '\(' is never closed/],
    ['a bracket that closes nothing', 'import other\nb = ]', /^line 2: '\]' closes nothing/],
    ['a string without an end', 'import other\n\nc = "x', /^line 3: a string has no end/]
  ])('takes %s along, with a word', async (_, source, words) => {
    await make({ 'm.py': source, 'other.py': '' });
    const { modules, notes } = await project.follow('import m');
    expect(modules[0]).toMatchObject({ module: 'm' });
    expect(notes).toEqual([
      { kind: 'module', name: 'm.py', text: expect.stringMatching(words) as string }
    ]);
  });

  it.each([
    ['newer syntax', 'type X[*Ts = ()] = tuple[*Ts]\nimport other'],
    ['quotes in an f-string', 'x = f"{d["it\'s"]}"\nimport other'],
    ['odd but sound text', "x = \"\\\"(\" # )\ny = '''\n\"(\n'''\nimport other"]
  ])('says nothing of %s', async (_, source) => {
    await make({ 'm.py': source, 'other.py': '' });
    const { modules, notes } = await project.follow('import m');
    expect(modules.map(({ module }) => module)).toEqual(['m', 'other']);
    expect(notes).toEqual([]);
  });

  it('refuses an unreadable module that is needed, and leaves one that is not', async () => {
    await make({ 'm.py': 'try:\n    import extra\nexcept ImportError:\n    pass', 'extra.py': '' });
    const digest = (path: string): ReturnType<typeof diskFiles.digest> =>
      path.endsWith('extra.py') ? Promise.reject(new Error('EACCES')) : diskFiles.digest(path);
    const { leftOut } = await project.follow('import m', {}, { ...diskFiles, digest });
    expect(leftOut).toMatchObject([{ name: 'extra', reason: /cannot be read: EACCES/ }]);
    const needing = project.follow('import m, extra', {}, { ...diskFiles, digest });
    await expect(needing).rejects.toMatchObject({ code: 'module-unreadable' });
  });

  it('reads a module of 100,000 lines, nested deeply, and one with an endless sum', async () => {
    const lines = Array.from({ length: 100_000 }, (_, line) => `x${line} = ${line} + len("y")`);
    const deep = `z = ${'('.repeat(3000)}1${')'.repeat(3000)}`;
    const sum = `s = ${'1 + '.repeat(20_000)}1`;
    await make({ 'big.py': [...lines, deep, sum, 'import other'].join('\n'), 'other.py': '' });
    expect(await project.paths('import big')).toEqual(['big.py', 'other.py']);
  }, 60_000);
});

describe('files that extensions and links bring', () => {
  it('takes the libraries that an extension names in its own folder', async () => {
    await make({
      'p/__init__.py': 'from . import fast',
      'p/fast.abi3.so': '\x7fELF libone.so.1\0',
      'p/libone.so.1': 'libtwo.so\0',
      'p/libtwo.so': '',
      'p/libunused.so': ''
    });
    const { modules } = await project.follow('import p');
    expect(modules.map(({ path }) => path)).toEqual([
      'p/__init__.py',
      'p/fast.abi3.so',
      'p/libone.so.1',
      'p/libtwo.so'
    ]);
  });

  it('takes a linked package by its content, and ends on a folder within itself', async () => {
    await make({
      'real/__init__.py': 'from . import part',
      'real/part.py': 'import real.self.part'
    });
    await symlink(project.at('real'), project.at('linked'));
    await symlink(project.at('real'), project.at('real/self'));
    const { modules } = await project.follow('import linked');
    expect(modules.map(({ path }) => path)).toEqual([
      'linked/__init__.py',
      'linked/part.py',
      'real/__init__.py',
      'real/part.py',
      'real/self/__init__.py',
      'real/self/part.py'
    ]);
  });

  it('takes a module of which only bytecode is there', async () => {
    await make({ 'm.pyc': '', 'other.py': '' });
    await chmod(project.at('m.pyc'), 0o600);
    expect(await project.paths('import m')).toEqual(['m.pyc']);
  });

  it('is not misled by a folder with the name of an installed package', async () => {
    await make({
      'numpy/data.csv': '',
      '.venv/lib/site-packages/numpy/__init__.py': '',
      'random/__init__.py': ''
    });
    expect(await project.paths('import numpy, random')).toEqual(['random/__init__.py']);
  });
});
