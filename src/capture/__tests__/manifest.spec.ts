import { buildManifest } from '../manifest';
import { diskFiles, Project } from './project';

const { sha256 } = diskFiles;
const made: Project[] = [];

async function make(files: Record<string, string>): Promise<Project> {
  const project = await Project.create(files);
  made.push(project);
  return project;
}

const PACKAGE = 'from pathlib import Path; open(Path(__file__).with_name("d.csv"))';

/** Some order, the same for each seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = items.map((item, index) => ({ item, key: Math.imul(index + 1, seed * 7919) % 97 }));
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function movedTo<T>(folder: string, value: T, from: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(from, folder)) as T;
}

afterEach(() => Promise.all(made.splice(0).map(project => project.remove())));

describe('buildManifest', () => {
  const files = { 'nb/a.py': 'import b', 'lib/b.py': '', 'nb/x.csv': '1', 'data/ü y.csv': '2' };
  const source = 'import a\nopen("x.csv"), open("../data/ü y.csv")';

  const manifestOf = async (project: Project, cell = source) => {
    const sysPath = [project.at('nb'), project.at('lib')];
    return buildManifest(await project.follow(cell, { cwd: project.at('nb'), sysPath }), sha256);
  };

  it('gives each file its place and the worker its layout', async () => {
    const manifest = await manifestOf(await make(files));
    expect(manifest.entries.map(({ place }) => place)).toEqual([
      'files/data/ü y.csv',
      'files/nb/x.csv',
      'modules/0/lib/b.py',
      'modules/0/nb/a.py'
    ]);
    expect(manifest.modulePaths).toEqual(['modules/0/nb', 'modules/0/lib']);
    expect(manifest.cwd).toBe('nb');
    expect(manifest.files).toEqual([
      { from: 'files/data/ü y.csv', to: 'data/ü y.csv', mode: 0o644 },
      { from: 'files/nb/x.csv', to: 'nb/x.csv', mode: 0o644 }
    ]);
  });

  it('has the same hash elsewhere and in another order', async () => {
    const one = await manifestOf(await make(files));
    const other = await manifestOf(
      await make(files),
      'open("../data/ü y.csv"), open("x.csv")\nimport a'
    );
    expect(other.hash).toBe(one.hash);
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['contents', { 'nb/x.csv': '3' }],
    ['a module', { 'lib/b.py': 'x = 1' }]
  ])('has another hash with other %s', async (_, change) => {
    const one = await manifestOf(await make(files));
    const other = await manifestOf(await make({ ...files, ...change }));
    expect(other.hash).not.toBe(one.hash);
  });

  it('is the same for any order of what was captured and below any folder', async () => {
    const one = await make({ ...files, 'nb/pk/__init__.py': PACKAGE, 'nb/pk/d.csv': '3' });
    const cell = `${source}\nimport pk`;
    const sysPath = [one.at('nb'), one.at('lib')];
    const captured = await one.follow(cell, { cwd: one.at('nb'), sysPath });
    const first = buildManifest(captured, sha256);
    const elsewhere = movedTo('/some/where else/ü', captured, one.folder);
    for (let seed = 1; seed <= 50; seed += 1) {
      const other = buildManifest(
        {
          ...elsewhere,
          modules: shuffled(elsewhere.modules, seed),
          files: shuffled(elsewhere.files, seed)
        },
        sha256
      );
      expect({ ...other, entries: [] }).toEqual({ ...first, entries: [] });
      expect(other.entries.map(({ place }) => place)).toEqual(first.entries.map(e => e.place));
    }
    expect(first.text).not.toContain(one.folder);
    expect(sha256(Buffer.from(first.text, 'ascii'))).toBe(first.hash);
  });

  it('puts data beside its module, and also where the notebook sees it when both open it', async () => {
    const project = await make({ 'nb/pk/__init__.py': PACKAGE, 'nb/pk/d.csv': '3' });
    const beside = await manifestOf(project, 'import pk');
    expect(beside.entries.map(({ place, why }) => [place, why])).toEqual([
      ['modules/0/pk/__init__.py', 'imported by the cell, line 1'],
      ['modules/0/pk/d.csv', 'opened by pk/__init__.py, line 1']
    ]);
    expect(beside.files).toEqual([]);
    const both = await manifestOf(project, 'import pk\nopen("pk/d.csv")');
    expect(both.entries.map(({ place }) => place)).toEqual([
      'files/pk/d.csv',
      'modules/0/pk/__init__.py',
      'modules/0/pk/d.csv'
    ]);
    expect(both.files).toMatchObject([{ to: 'pk/d.csv' }]);
  });

  it('works in the plain working directory when no file lies above it', async () => {
    const manifest = await manifestOf(await make(files), 'open("x.csv")');
    expect(manifest).toMatchObject({ cwd: '', modulePaths: [], files: [{ to: 'x.csv' }] });
  });

  describe('folders', () => {
    const at = { cwd: '/home/me/nb', roots: [], modules: [], files: [] };
    const data = { sha256: 'a'.repeat(64), bytes: 1, mode: 0o644, absolute: '/x', why: '' };

    it('keep their places to the notebook, and make room above it', () => {
      const manifest = buildManifest({ ...at, folders: ['..', '../figs', 'out'] }, sha256);
      expect(manifest).toMatchObject({ cwd: 'nb', folders: ['figs', 'nb/out'], entries: [] });
    });

    it('go unsaid where something below them is brought along', () => {
      const files = [{ ...data, path: 'data/a.csv' }];
      const folders = ['data', 'data/out', 'logs', 'logs/deep'];
      expect(buildManifest({ ...at, files, folders }, sha256).folders).toEqual([
        'data/out',
        'logs/deep'
      ]);
    });

    it('count in the hash, in any order', () => {
      const hashOf = (folders: string[]) => buildManifest({ ...at, folders }, sha256).hash;
      expect(hashOf(['b', 'a', 'a'])).toBe(hashOf(['a', 'b']));
      expect(hashOf(['a'])).not.toBe(hashOf([]));
    });
  });
});
