import type { FollowStart } from '../follow-imports';
import { Project } from '../../__tests__/project';

type Case = {
  name: string;
  /** Path and content; `main.py` imports the rest, or the cell does by itself. */
  files: Record<string, string>;
  cell?: string;
  /** All that must travel, beside nothing. */
  modules: string[];
  data?: string[];
  sysPath?: string[];
  capture?: Partial<FollowStart>;
};

const LINES = (...lines: string[]): string => lines.join('\n');

/** Small projects, each with one way of needing a file that is easily overlooked. */
const CASES: Case[] = [
  {
    name: 'a sibling by a relative import',
    files: { 'p/__init__.py': '', 'p/one.py': 'from . import two', 'p/two.py': '' },
    cell: 'from p.one import two',
    modules: ['p/__init__.py', 'p/one.py', 'p/two.py']
  },
  {
    name: 'a relative import that climbs out of two packages',
    files: {
      'p/__init__.py': '',
      'p/q/__init__.py': '',
      'p/q/r/__init__.py': '',
      'p/q/r/deep.py': 'from ...top import value',
      'p/top.py': 'value = 1'
    },
    cell: 'import p.q.r.deep',
    modules: ['p/__init__.py', 'p/q/__init__.py', 'p/q/r/__init__.py', 'p/q/r/deep.py', 'p/top.py']
  },
  {
    name: 'a relative import by a package itself',
    files: { 'p/__init__.py': 'from .impl import run', 'p/impl.py': 'def run(): pass' },
    cell: 'import p\np.run()',
    modules: ['p/__init__.py', 'p/impl.py']
  },
  {
    name: 'a name that a package takes from its depths',
    files: {
      'p/__init__.py': '',
      'p/user.py': 'from .inner import value',
      'p/inner/__init__.py': 'from .core import value',
      'p/inner/core.py': 'value = 2'
    },
    cell: 'from p import user',
    modules: ['p/__init__.py', 'p/inner/__init__.py', 'p/inner/core.py', 'p/user.py']
  },
  {
    name: 'a star over a star',
    files: { 'main.py': 'from near import *', 'near.py': 'from far import *', 'far.py': 'z = 3' },
    modules: ['far.py', 'main.py', 'near.py']
  },
  {
    name: 'an import that waits in a function',
    files: { 'main.py': 'def run():\n    import late\n    return late', 'late.py': '' },
    modules: ['late.py', 'main.py']
  },
  {
    name: 'a fallback for a module that is not there',
    files: {
      'main.py': 'try:\n    import quick as v\nexcept ImportError:\n    import slow as v',
      'slow.py': ''
    },
    modules: ['main.py', 'slow.py']
  },
  {
    name: 'nothing that is imported for type checkers alone',
    files: {
      'main.py': LINES(
        'from typing import TYPE_CHECKING',
        'if TYPE_CHECKING:',
        '    import hints',
        'else:',
        '    import real'
      ),
      'hints.py': '',
      'real.py': ''
    },
    modules: ['main.py', 'real.py']
  },
  {
    name: 'importlib with a constant',
    files: { 'main.py': 'import importlib\nimportlib.import_module("plug")', 'plug.py': '' },
    modules: ['main.py', 'plug.py']
  },
  {
    name: 'import_module by its own name, and by another',
    files: {
      'main.py': LINES(
        'from importlib import import_module',
        'from importlib import import_module as fetch',
        'import_module("plug")',
        'fetch("socket_b")'
      ),
      'plug.py': '',
      'socket_b.py': ''
    },
    modules: ['main.py', 'plug.py', 'socket_b.py']
  },
  {
    name: 'importlib with a name that is put together',
    files: {
      'main.py': 'import importlib\ndef run(k="a"): return importlib.import_module("plug_" + k)',
      'plug_a.py': '',
      'plug_b.py': '',
      'plugin.py': ''
    },
    modules: ['main.py', 'plug_a.py', 'plug_b.py']
  },
  {
    name: 'a namespace package',
    files: { 'ns/sub/mod.py': 'import ns.other', 'ns/other.py': '' },
    cell: 'from ns.sub import mod',
    modules: ['ns/other.py', 'ns/sub/mod.py']
  },
  {
    name: 'a module of a namespace package under another name',
    files: { 'ns/a.py': '' },
    cell: 'import ns.a as b',
    modules: ['ns/a.py']
  },
  {
    name: 'a src layout',
    files: { 'src/p/__init__.py': '', 'src/p/a.py': 'from p import b', 'src/p/b.py': '' },
    cell: 'import p.a',
    sysPath: ['src'],
    modules: ['p/__init__.py', 'p/a.py', 'p/b.py']
  },
  {
    name: 'a src layout with relative imports',
    files: { 'src/p/__init__.py': '', 'src/p/a.py': 'from .b import x', 'src/p/b.py': 'x = 1' },
    cell: 'import p.a',
    sysPath: ['src'],
    modules: ['p/__init__.py', 'p/a.py', 'p/b.py']
  },
  {
    name: 'a folder beside a module that it puts on sys.path',
    files: {
      'main.py': LINES(
        'import os, sys',
        "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'libs'))",
        'import tool'
      ),
      'libs/tool.py': ''
    },
    modules: ['main.py', 'tool.py']
  },
  {
    name: 'a folder above a module that it puts on sys.path',
    files: {
      'project/main.py': LINES(
        'import sys',
        'from pathlib import Path',
        'HERE = Path(__file__).resolve().parent',
        "sys.path.append(str(HERE.parent / 'shared'))",
        'import ext'
      ),
      'shared/ext.py': ''
    },
    sysPath: ['project'],
    modules: ['ext.py', 'main.py']
  },
  {
    name: 'a data file by its path from the notebook',
    files: { 'main.py': 'def run(): return open("data/c.json").read()', 'data/c.json': '{}' },
    modules: ['main.py'],
    data: ['data/c.json']
  },
  {
    name: 'a data file by its path from a module',
    files: {
      'p/__init__.py': LINES(
        'import os',
        "def load(): return open(os.path.join(os.path.dirname(__file__), 'd.csv')).read()"
      ),
      'p/d.csv': '1'
    },
    cell: 'import p\np.load()',
    modules: ['p/__init__.py'],
    data: ['p/d.csv']
  },
  {
    name: 'a data file that pathlib reads',
    files: {
      'main.py': 'from pathlib import Path\ndef run(): return Path("conf.yaml").read_text()',
      'conf.yaml': 'a: 1'
    },
    modules: ['main.py'],
    data: ['conf.yaml']
  },
  {
    name: 'a data file of a package',
    files: {
      'main.py': LINES(
        'from importlib import resources',
        'import p',
        "def run(): return resources.files(p).joinpath('t.txt').read_text()"
      ),
      'p/__init__.py': '',
      'p/t.txt': 'x'
    },
    modules: ['main.py', 'p/__init__.py'],
    data: ['p/t.txt']
  },
  {
    name: 'the module of an argument’s class, as the kernel names it',
    files: { 'shapes.py': 'import units\nclass Square: pass', 'units.py': '' },
    cell: 'area(square)',
    capture: { modules: ['shapes.Square'] },
    modules: ['shapes.py', 'units.py']
  },
  {
    name: 'modules that import each other',
    files: { 'a.py': 'import b', 'b.py': 'import a' },
    cell: 'import a',
    modules: ['a.py', 'b.py']
  },
  {
    name: 'no broken file that nothing imports',
    files: { 'main.py': 'import ok', 'ok.py': '', 'bad.py': 'def (:' },
    modules: ['main.py', 'ok.py']
  },
  {
    name: 'local modules with names that sound installed',
    files: { 'queues.py': 'import random', 'random.py': '' },
    cell: 'import queues',
    modules: ['queues.py', 'random.py']
  },
  {
    name: 'a package that is called lib',
    files: { 'main.py': 'from lib.core import x', 'lib/__init__.py': '', 'lib/core.py': 'x = 1' },
    modules: ['lib/__init__.py', 'lib/core.py', 'main.py']
  },
  {
    name: 'an extension that was built in place',
    files: { 'main.py': 'import _fast', '_fast.cpython-311-x86_64-linux-gnu.so': '' },
    modules: ['_fast.cpython-311-x86_64-linux-gnu.so', 'main.py']
  },
  {
    name: 'what a function of the notebook imports',
    files: { 'helper.py': '' },
    cell: 'run()',
    capture: { sources: [{ name: 'run', source: 'def run():\n    import helper' }] },
    modules: ['helper.py']
  }
];

let project: Project;

afterEach(() => project.remove());

describe('all that a project needs, and nothing else', () => {
  it.each(CASES)('$name', async ({ files, cell, modules, data = [], sysPath = [], capture }) => {
    project = await Project.create(files);
    const captured = await project.follow(cell ?? 'import main\nmain.run()', {
      sysPath: [...sysPath.map(path => project.at(path)), project.folder, project.at('.venv')],
      ...capture
    });
    expect(captured.modules.map(({ path }) => path).sort()).toEqual(modules);
    const places = captured.files.map(({ absolute }) => absolute);
    expect(places).toEqual(data.map(path => project.at(path)));
  });
});
