import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parser } from '@lezer/python';
import { diskFiles, Project } from '../../__tests__/project';
import { type FileRules, NO_RULES } from '../../file-rules';
import { blankMagics } from '../blank-magics';
import { dataFiles, type DataFound, type NamedSource } from '../data-files';
import { pathFactsOf } from '../path-facts';

let project: Project;

const make = async (files: Record<string, string>): Promise<void> => {
  project = await Project.create(files);
};

afterEach(() => project.remove());

type Extra = {
  modules?: Record<string, string>;
  constants?: Record<string, string[]>;
  rules?: Partial<FileRules>;
  functions?: string[];
  cwd?: string;
};

/** Data files of a cell, with modules that are written below the project's folder. */
async function find(cell: string, extra: Extra = {}): Promise<DataFound> {
  const { modules = {}, constants = {}, rules = {}, functions = [] } = extra;
  await project.write(modules);
  const of = (source: string, isCell: boolean): NamedSource['facts'] => {
    const tree = parser.parse(isCell ? blankMagics(source) : source);
    return JSON.parse(JSON.stringify(pathFactsOf(tree, source, isCell))) as NamedSource['facts'];
  };
  const none = { file: null, root: null, package: null };
  return dataFiles({
    sources: [
      { who: 'the cell', facts: of(cell, true), ...none },
      ...functions.map(source => ({ who: 'the function f', facts: of(source, true), ...none })),
      ...Object.entries(modules).map(([path, source]) => ({
        who: path,
        facts: of(source, false),
        file: project.at(path),
        root: project.folder,
        package: dirname(path) === '.' ? null : dirname(path).replace(/\//g, '.')
      }))
    ],
    cwd: extra.cwd ?? project.folder,
    files: diskFiles,
    constants,
    folders: new Set(),
    rules: { ...NO_RULES, ...rules }
  });
}

const paths = async (cell: string, extra?: Extra): Promise<string[]> =>
  (await find(cell, extra)).files.map(({ path }) => path);

describe('paths that code writes', () => {
  const files = {
    'data/x.csv': '1',
    'data/y.csv': '2',
    'data/part01.csv': '',
    'data/part02.csv': '',
    'notes.txt': ''
  };

  it.each([
    ['open("data/x.csv")', ['data/x.csv']],
    ['from pathlib import Path\n(Path("data") / "x.csv").read_text()', ['data/x.csv']],
    ['Path("data").joinpath("x.csv").open()', ['data/x.csv']],
    ['p = Path("data/x.txt").with_suffix(".csv")\np.read_bytes()', ['data/x.csv']],
    ['open(Path("data/x.csv").with_name("y.csv"))', ['data/y.csv']],
    ['import os\nopen(os.path.join(os.getcwd(), "data", "x.csv"))', ['data/x.csv']],
    ['d = "data/"\nopen(d + "x.csv")', ['data/x.csv']],
    ['from os.path import join as pjoin\nopen(pjoin("data", "x.csv"))', ['data/x.csv']],
    ['import os.path as osp\nopen(osp.join("data", "x.csv"))', ['data/x.csv']],
    ['open(os.path.join(*parts))', []],
    ['open(Path(*parts))', []],
    ['open(Path(*parts, "data", "x.csv"))', ['data/x.csv']],
    ['n = "x"\nopen("data/%s.csv" % n)', ['data/x.csv']],
    ['n = "x"\nopen("data/{}.csv".format(n))', ['data/x.csv']],
    ['for n in ["x", "y"]:\n    open(f"data/{n}.csv")', ['data/x.csv', 'data/y.csv']],
    ['[open(f) for f in ("data/x.csv", "data/y.csv")]', ['data/x.csv', 'data/y.csv']],
    [
      'for i in range(1, 3):\n  open(f"data/part{i:02d}.csv")',
      ['data/part01.csv', 'data/part02.csv']
    ],
    [
      'open("data/part%02d.csv" % 2)\nfor i in range(2, 3): open("data/part%02d.csv" % i)',
      ['data/part01.csv', 'data/part02.csv']
    ],
    ['def load(p):\n    return open("data/" + p)\nload("x.csv")', ['data/x.csv']],
    ['def load(name="x"):\n    return open(f"data/{name}.csv")\nload()', ['data/x.csv']],
    [
      'class A:\n  def __init__(self, d):\n    self.d = d\n  def go(self):\n    open(self.d + "/x.csv")\nA("data")',
      ['data/x.csv']
    ],
    [
      'paths = {"a": "data/x.csv", "b": "data/y.csv"}\nopen(paths["a"])',
      ['data/x.csv', 'data/y.csv']
    ],
    ['cfg = dict(folder="data")\nopen(cfg["folder"] + "/x.csv")', ['data/x.csv']],
    ['a, b = "data", "x.csv"\nopen(f"{a}/{b}")', ['data/x.csv']],
    ['import os\nopen(os.environ.get("D", "data") + "/x.csv")', ['data/x.csv']],
    ['def folder():\n    return Path("data")\nopen(folder() / "x.csv")', ['data/x.csv']],
    ['root = "dat"\nroot += "a"\nopen(root + "/x.csv")', ['data/x.csv']],
    ['import os\nos.chdir("data")\nopen("x.csv")', ['data/x.csv']],
    ['%cd data\nopen("x.csv")', ['data/x.csv']],
    ['create_engine("sqlite:///notes.txt")', ['notes.txt']],
    ['print("notes.txt")\n"notes.txt"\nx == "notes.txt"', []],
    ['def f(x: "notes.txt"): pass', []],
    ['import tempfile, os\nopen(os.path.join(tempfile.mkdtemp(), "notes.txt"))', []]
  ])('%s', async (cell, expected) => {
    await make(files);
    expect(await paths(cell)).toEqual(expected);
  });
});

describe('what is done with a path', () => {
  it.each([
    ['open("x.csv", "w").write("1")', []],
    ['with open("x.csv", mode="wb") as f: pass', []],
    ['open("x.csv", "a")', ['x.csv']],
    ['open("x.csv", "r+")', ['x.csv']],
    ['n = input()\nopen(f"x{n}.csv", "a")', []],
    ['Path("x.csv").open("a")', ['x.csv']],
    ['open("x.csv", "w+")', []],
    ['out = "x.csv"\ndf.to_csv(out)', []],
    ['out = "x.csv"\nsend(out)\ndf.to_csv(out)', ['x.csv']],
    ['p = Path("x.csv")\np.write_text("1")', []],
    ['p = Path("x.csv")\nwith p.open("w") as f: pass', []],
    ['p = Path("x.csv")\np.open()', ['x.csv']],
    ['json.dump({}, open("x.csv", "w"))', []],
    ['plt.savefig("x.csv")', []],
    ['np.savez("y.csv", a=np.load("x.csv"))', ['x.csv']],
    ['shutil.copy("x.csv", "y.csv")', ['x.csv']],
    ['os.rename("x.csv", "y.csv")', ['x.csv']],
    ['h5py.File("x.csv", "w"); h5py.File("y.csv")', ['y.csv']],
    ['zipfile.ZipFile("x.csv", mode="w")', []],
    ['tarfile.open("x.csv", "w:gz")', []],
    ['gzip.open("x.csv", "wt")', []],
    ['sqlite3.connect("x.csv")', ['x.csv']],
    ['torch.save(m, "x.csv"); torch.load("y.csv")', ['y.csv']],
    ['open("x.csv", "w").write("1")\nopen("x.csv").read()', []],
    ['open("x.csv").read()\nopen("x.csv", "w").write("1")', ['x.csv']],
    ['if a:\n    open("x.csv", "w")\nopen("x.csv").read()', ['x.csv']],
    ['mode = "r"\nopen("x.csv", mode)', ['x.csv']],
    ['subprocess.run(["sort", "x.csv"])', ['x.csv']],
    ['os.system("sort x.csv > y.csv")', ['x.csv']]
  ])('%s', async (cell, expected) => {
    await make({ 'x.csv': 'old', 'y.csv': 'old' });
    expect(await paths(cell)).toEqual(expected);
  });
});

describe('shell lines and magics', () => {
  it.each([
    ['!cat data/x.csv', ['data/x.csv']],
    ['name = "x"\n!wc -l data/{name}.csv', ['data/x.csv']],
    ['name = "data/x.csv"\nn = !wc -l $name', ['data/x.csv']],
    ['!sort "my file.txt" > data/x.csv', ['my file.txt']],
    ['!cat data/*.csv | head', ['data/x.csv', 'data/y.csv']],
    ['!cd data && cat x.csv', ['data/x.csv']],
    ['!tool --in=data/x.csv --out data/z.csv', ['data/x.csv']],
    ['%%bash\ncat data/x.csv\nrm data/y.csv', ['data/x.csv']],
    ['%%writefile data/x.csv\ndata/y.csv', []],
    ['%run tool.py data/x.csv', ['data/x.csv', 'tool.py']],
    ['%run tool', ['tool.py']],
    ['"""\n!cat data/x.csv\n"""', []],
    ['%%time\n!cat \\\n  data/x.csv', ['data/x.csv']],
    ['!echo data/x.csv', []]
  ])('%s', async (cell, expected) => {
    await make({ 'data/x.csv': '', 'data/y.csv': '', 'my file.txt': '', 'tool.py': '' });
    expect(await paths(cell)).toEqual(expected);
  });
});

describe('what the kernel holds', () => {
  it('evaluates names, attributes, elements and lists by what the kernel said', async () => {
    await make({ 'd/a.csv': '', 'd/b.csv': '', 'd/c.csv': '' });
    const constants = {
      NAMES: ['a', 'b'],
      'cfg.path': ['d/c.csv'],
      cfg: ['d/c.csv']
    };
    expect(await paths('[open(f"d/{n}.csv") for n in NAMES]', { constants })).toEqual([
      'd/a.csv',
      'd/b.csv'
    ]);
    expect(await paths('pd.read_csv(cfg.path)', { constants })).toEqual(['d/c.csv']);
    const paths_ = { "paths['x']": ['d/a.csv'], paths: ['d/a.csv', 'd/b.csv'] };
    expect(await paths('open(paths["x"])', { constants: paths_ })).toEqual(['d/a.csv']);
    expect(await paths('open(constructor + __proto__)', { constants })).toEqual([]);
  });

  it('looks into functions of the notebook, whoever calls them', async () => {
    await make({ 'd/a.csv': '' });
    const functions = ['def load(name):\n    return open(f"d/{name}.csv")'];
    expect(await paths('load("a")', { functions })).toEqual(['d/a.csv']);
  });
});

describe('modules', () => {
  it('finds data beside a module, and by its package', async () => {
    await make({ 'pk/a.csv': '', 'pk/data/b.csv': '', 'pk/c.txt': '', 'up.csv': '', 'a.csv': '' });
    const found = await find('from pk import load', {
      modules: {
        'pk/__init__.py': 'HERE = Path(__file__).parent\nfrom .io import *',
        'pk/io.py': [
          'from . import HERE',
          'import os, importlib.resources as resources',
          'open(os.path.join(os.path.dirname(__file__), "a.csv"))',
          'open(HERE / "data" / "b.csv")',
          'resources.files(__package__).joinpath("c.txt").read_text()',
          'open(Path(__file__).resolve().parents[1] / "up.csv")'
        ].join('\n')
      }
    });
    const beside = found.files.map(({ path, besideRoots, isOnlyBeside, why }) => [
      path,
      besideRoots?.length,
      isOnlyBeside,
      why
    ]);
    expect(beside).toEqual([
      ['pk/a.csv', 1, true, 'opened by pk/io.py, line 3'],
      ['pk/c.txt', 1, true, 'opened by pk/io.py, line 5'],
      ['pk/data/b.csv', 1, true, 'opened by pk/io.py, line 4'],
      ['up.csv', 1, true, 'opened by pk/io.py, line 6']
    ]);
  });

  it('joins what one module names and another opens', async () => {
    await make({ 'data/x.csv': '', 'data/y.csv': '' });
    const modules = {
      'config.py': 'DATA = "data"\nclass Paths:\n    y = "data/y.csv"',
      'helper.py': 'import config as c\ndef load(name):\n    return open(c.DATA + "/" + name)',
      'more.py': 'from config import Paths\nopen(Paths.y)'
    };
    const cell = 'import helper, more\nhelper.load("x.csv")';
    expect(await paths(cell, { modules })).toEqual(['data/x.csv', 'data/y.csv']);
  });
});

describe('globs and folders', () => {
  it.each([
    ['glob.glob("d/*.csv")', ['d/a.csv', 'd/b.csv']],
    ['from glob import iglob\niglob("d/[!b]*")', ['d/a.csv', 'd/c.txt']],
    ['glob.glob("d/**/*.csv")', ['d/e/f.csv']],
    ['glob.glob("**/*.csv", recursive=True)', ['d/a.csv', 'd/b.csv', 'd/e/f.csv']],
    ['glob.glob("*.csv", root_dir="d")', ['d/a.csv', 'd/b.csv']],
    ['Path("d").glob("*.csv")', ['d/.h.csv', 'd/a.csv', 'd/b.csv']],
    ['p = Path("d")\nfor f in p.rglob("f.*"): f.read_text()', ['d/e/f.csv']],
    ['os.listdir("d/e")', ['d/e/f.csv']],
    ['for f in sorted(Path("d/e").iterdir()): pass', ['d/e/f.csv']],
    [
      'for r, d, f in os.walk("d"): pass',
      ['d/.h.csv', 'd/a.csv', 'd/b.csv', 'd/c.txt', 'd/e/f.csv']
    ],
    ['for f in os.listdir("d/e"):\n  open(os.path.join("d/e", f))', ['d/e/f.csv']],
    ['n = input()\nopen(f"d/{n}.csv")', ['d/a.csv', 'd/b.csv']],
    ['pd.read_parquet("d/e")', ['d/e/f.csv']],
    ['glob.glob(x)\nopen(x)\nPath(x).glob("*")', []]
  ])('%s', async (cell, expected) => {
    await make({ 'd/a.csv': '', 'd/b.csv': '', 'd/c.txt': '', 'd/.h.csv': '', 'd/e/f.csv': '' });
    expect(await paths(cell)).toEqual(expected);
  });

  it('does not follow a loop of links', async () => {
    await make({ 'd/a.csv': '' });
    await symlink(project.at('d'), project.at('d/loop'));
    expect(await paths('Path("d").rglob("*.csv")')).toEqual(['d/a.csv']);
  });

  it('names what only the run tells, when many files match', async () => {
    const many = Array.from({ length: 30 }, (_, at) => [`d/x${at}.csv`, ''] as const);
    await make(Object.fromEntries(many));
    const { files, leftOut } = await find('n = input()\nopen(f"d/x{n}.csv")');
    expect(files).toEqual([]);
    expect(leftOut).toMatchObject([{ kind: 'file', name: 'd/x*.csv' }]);
    expect(leftOut[0]?.reason).toContain('30 files');
  });

  it('says that a folder needs a word', async () => {
    await make({ 'd/a.csv': '' });
    const { leftOut } = await find('train(data_dir="d")');
    expect(leftOut).toMatchObject([{ name: 'd' }]);
    expect(leftOut[0]?.reason).toContain('-i d/');
  });
});

describe('absolute paths', () => {
  it('asks the target about those that are read, and about nothing else', async () => {
    await make({ 'x.csv': '' });
    const here = project.at('x.csv');
    const cell = [
      'open("/scratch/me/../me/data/a.csv"); pd.read_csv("/scratch/me/b.csv")',
      'open("/scratch/out.csv", "w"); requests.get("/api/v1/items"); re.sub("/n", "/x/y", t)',
      'x = "/scratch/me/c"; url = "https://a.b/c"; open("/dev/null"); s.split("/a/b")',
      `open("${here}")`
    ].join('\n');
    const { absolute, leftOut } = await find(cell);
    expect(absolute).toEqual(['/scratch/me/b.csv', '/scratch/me/c', '/scratch/me/data/a.csv']);
    expect(leftOut).toMatchObject([{ name: here }]);
    expect(leftOut[0]?.reason).toContain('x.csv');
  });

  it('knows the places of both sides', async () => {
    await make({ 'store/x.csv': '' });
    const rules = {
      places: { data: project.at('store') },
      placesThere: { data: '/scratch/me' }
    };
    const cell = 'import sluice\nopen(sluice.path("data") + "/x.csv"); sluice.path("other")';
    const found = await find(cell, { rules });
    expect(found.files).toEqual([]);
    expect(found.leftOut).toEqual([]);
    expect(found.absolute).toEqual(['/scratch/me/x.csv']);
    expect(found.notes).toMatchObject([{ name: 'sluice.path("other")' }]);
    const other = await find(`open("${project.at('store/x.csv')}")`, { rules });
    expect(other.leftOut[0]?.reason).toContain('sluice.path("data") + "/x.csv"');
  });
});

describe('odd files', () => {
  it('takes names with spaces, line breaks and letters of all kinds', async () => {
    await make({ 'a b.csv': '', 'ü\n☃.csv': '', 'x/y.csv': '' });
    const cell = 'open("a b.csv"); open("ü\\n☃.csv"); open("./x/../x//y.csv")';
    expect(await paths(cell)).toEqual(['a b.csv', 'x/y.csv', 'ü\n☃.csv']);
  });

  it('takes the content of links', async () => {
    await make({ 'far/x.csv': '12' });
    await symlink(project.at('far/x.csv'), project.at('near.csv'));
    const { files } = await find('open("near.csv")');
    expect(files).toMatchObject([{ path: 'near.csv', bytes: 2 }]);
  });

  it('bounds what expressions may come to', async () => {
    await make({ 'x.csv': '' });
    const cell = [
      'a = "x"',
      'a = a + a + a + a',
      'b = [1,2]',
      ...Array.from(
        { length: 12 },
        (_, at) => `L${at} = ${JSON.stringify(Array.from('abcdefghij'))}`
      ),
      `open(${Array.from({ length: 12 }, (_, at) => `L${at}`).join(' + ')})`,
      'open("x.csv")',
      `open(${'a + '.repeat(5000)}a)`
    ].join('\n');
    expect(await paths(cell)).toEqual(['x.csv']);
  });
});

describe('choices', () => {
  const secrets = { '.env': '', 'x.csv': '', 'big/y.csv': '' };

  it('sends secrets only when named', async () => {
    await make(secrets);
    const cell = 'open(".env"); open("x.csv")';
    const { files, leftOut } = await find(cell);
    expect(files.map(({ path }) => path)).toEqual(['x.csv']);
    expect(leftOut).toMatchObject([{ name: '.env' }]);
    const asked = { include: ['.env'], exclude: ['x.csv'] };
    const named = await find(cell, { rules: { asked } });
    expect(named.files.map(({ path }) => path)).toEqual(['.env']);
    expect(named.leftOut).toMatchObject([{ name: 'x.csv' }]);
    const wide = { include: ['*', '**'], exclude: [] };
    expect(await paths(cell, { rules: { asked: wide } })).toEqual(['big/y.csv', 'x.csv']);
  });

  it('takes folders and patterns by rule, without what git ignores', async () => {
    await make({
      '.gitignore': 'd/skip*\n',
      'd/.gitignore': '*.tmp\n!keep.tmp\n',
      'd/a.csv': '',
      'd/b.tmp': '',
      'd/keep.tmp': '',
      'd/skip.csv': '',
      'd/no.csv': '',
      'd/e/f.csv': '',
      'pyproject.toml': '',
      '.git/config': ''
    });
    const rule = {
      folder: project.folder,
      include: ['d/', 'pyproject.toml'],
      exclude: ['no.csv'],
      source: 'sluice.toml'
    };
    const { files, leftOut } = await find('1', { rules: { configured: [rule] } });
    expect(files.map(({ path }) => path)).toEqual([
      'd/.gitignore',
      'd/a.csv',
      'd/e/f.csv',
      'd/keep.tmp',
      'pyproject.toml'
    ]);
    expect(leftOut).toEqual([
      { kind: 'file', name: 'd/no.csv', reason: '`exclude` of sluice.toml' }
    ]);
    expect(await paths('open("d/b.tmp")')).toEqual(['d/b.tmp']);
  });

  it('asks about large files until somebody decides', async () => {
    await make({});
    await mkdir(project.at('d'));
    await writeFile(project.at('d/big.bin'), '');
    await truncate(project.at('d/big.bin'), 60 * 2 ** 20);
    const cell = 'open("d/big.bin")';
    const open = await find(cell);
    expect(open.files).toEqual([]);
    expect(open.undecided).toEqual([
      { path: 'd/big.bin', bytes: 60 * 2 ** 20, why: 'opened by the cell, line 1' }
    ]);
    const taken = await find(cell, { rules: { asked: { include: ['d/big.bin'], exclude: [] } } });
    expect(taken.files).toMatchObject([{ path: 'd/big.bin' }]);
    expect(taken.undecided).toEqual([]);
    const left = await find(cell, { rules: { asked: { include: [], exclude: ['d/big.bin'] } } });
    expect([left.files, left.undecided]).toEqual([[], []]);
  });

  it('says what was asked for and is not here', async () => {
    await make({});
    const { leftOut } = await find('1', { rules: { asked: { include: ['no.csv'], exclude: [] } } });
    expect(leftOut).toMatchObject([{ name: 'no.csv' }]);
  });
});
