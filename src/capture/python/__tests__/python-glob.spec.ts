import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { diskFiles, Project } from '../../__tests__/project';
import { type GlobStyle, pythonGlob } from '../python-glob';

const PATTERNS = [
  '*',
  '*.csv',
  '**',
  '**/*',
  '**/*.csv',
  'd/**',
  'd/**/f.csv',
  '**/e/*',
  'd/*/',
  'd/?.csv',
  'd/[ab].csv',
  'd/[!a].csv',
  'd/[a-b].csv',
  'd/[b-a].csv',
  'd/[]].csv',
  'd/[!]]*',
  'd/[',
  'd/[^a].csv',
  '.*',
  'd/.*',
  'd/../a.csv',
  './d/*.csv',
  '{a,b}.csv',
  'd/@(a|b).csv',
  'D/*.CSV',
  'ü*',
  'a b*',
  'none/*',
  '*/*',
  'link/*.csv',
  '*.c*'
];

const PROGRAM = `
import glob, json, os, pathlib, sys
def files(found): return sorted({os.path.normpath(str(p)) for p in found if os.path.isfile(p)})
def of(style, p):
    if style == "glob": return files(glob.glob(p))
    if style == "glob-recursive": return files(glob.glob(p, recursive=True))
    here = pathlib.Path(".")
    return files(here.glob(p) if style == "path" else here.rglob(p))
print(json.dumps([[of(s, p) for p in json.loads(sys.argv[1])] for s in json.loads(sys.argv[2])]))
`;

const STYLES: GlobStyle[] = ['glob', 'glob-recursive', 'path', 'path-recursive'];

/** Whether `**` of `Path` follows links, Python's versions answer differently. */
const comparable = (paths: readonly string[]): string[] =>
  paths.filter(path => !path.startsWith('link/z')).sort();

describe('pythonGlob', () => {
  let project: Project;
  let expected: string[][][];

  beforeAll(async () => {
    const names = ['a.csv', 'b.csv', '.hidden', 'ü.csv', 'a b.csv', '{a,b}.csv', 'd/a.csv'];
    const deeper = [
      'd/b.csv',
      'd/].csv',
      'd/[',
      'd/.h.csv',
      'd/e/f.csv',
      'd/e/g/f.csv',
      '.x/y.csv'
    ];
    project = await Project.create(
      Object.fromEntries([...names, ...deeper, 'other/z.csv'].map(name => [name, '']))
    );
    await symlink('other', project.at('link'));
    const answer = execFileSync(
      'python3',
      ['-c', PROGRAM, JSON.stringify(PATTERNS), JSON.stringify(STYLES)],
      { cwd: project.folder, encoding: 'utf8' }
    );
    expected = JSON.parse(answer) as string[][][];
  });

  afterAll(() => project.remove());

  const cases = STYLES.flatMap((style, row) =>
    PATTERNS.map((pattern, column) => [style, pattern, row, column] as const)
  ).filter(([style, pattern]) => style.startsWith('glob') || !pattern.endsWith('**'));

  it.each(cases)('%s %s gives what Python gives', async (style, pattern, row, column) => {
    const { paths } = await pythonGlob(diskFiles, project.folder, pattern, style);
    const found = paths.map(path => path.slice(project.folder.length + 1));
    expect(comparable(found)).toEqual(comparable(expected[row]?.[column] ?? []));
  });
});
