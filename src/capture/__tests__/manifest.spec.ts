import { buildManifest } from '../manifest';
import { diskFiles, Project } from './project';

const { sha256 } = diskFiles;
const made: Project[] = [];

async function make(files: Record<string, string>): Promise<Project> {
  const project = await Project.create(files);
  made.push(project);
  return project;
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
      'modules/0/a.py',
      'modules/1/b.py'
    ]);
    expect(manifest.modulePaths).toEqual(['modules/0', 'modules/1']);
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

  it('works in the plain working directory when no file lies above it', async () => {
    const manifest = await manifestOf(await make(files), 'open("x.csv")');
    expect(manifest).toMatchObject({ cwd: '', modulePaths: [], files: [{ to: 'x.csv' }] });
  });
});
