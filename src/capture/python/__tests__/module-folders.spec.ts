import { Project } from '../../__tests__/project';

let project: Project;

afterEach(() => project.remove());

const capture = async (reader: string): Promise<string[]> => {
  project = await Project.create({
    'lib/loader.py': `import os\ndef load(name):\n    return open(${reader}).read()\n`,
    'README.md': '',
    'tables/rain.csv': '1',
    'tables/snow.csv': '2'
  });
  const source = 'from lib.loader import load\nload(input())';
  const { files } = await project.follow(source, { sysPath: [project.folder] });
  return files.map(({ path }) => path).sort();
};

describe('files that a module names from its own place, in part', () => {
  const ROOT = 'os.path.dirname(__file__), ".."';

  it('in a folder that it names', async () => {
    const tables = ['tables/rain.csv', 'tables/snow.csv'];
    expect(await capture(`os.path.join(${ROOT}, "tables", name)`)).toEqual(tables);
    await project.remove();
    expect(await capture(`os.path.join(${ROOT}, *["tables", name])`)).toEqual(tables);
  });

  it('not whatever lies around it', async () => {
    expect(await capture(`os.path.join(${ROOT}, name)`)).toEqual([]);
  });
});
