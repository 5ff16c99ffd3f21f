import { Project } from '../../__tests__/project';

let project: Project;

afterEach(() => project.remove());

const MODULE = `def births():
    return open("births.dat").read()

def deaths():
    return open("deaths.dat").read()
`;

const capture = async (cell: string): Promise<{ files: string[]; left: string[] }> => {
  project = await Project.create({ 'survey.py': MODULE, 'births.dat': '1', 'deaths.dat': '2' });
  const { files, leftOut } = await project.follow(cell, { sysPath: [project.folder] });
  return {
    files: files.map(({ path }) => path),
    left: leftOut.map(({ name, reason }) => `${name}: ${reason}`)
  };
};

describe('data of functions that nothing calls', () => {
  it('stays, with its reason', async () => {
    const { files, left } = await capture('import survey\nsurvey.births()');
    expect(files).toEqual(['births.dat']);
    expect(left).toEqual([
      'deaths.dat: only code of survey.py names it which nothing here calls; send it with `-i`'
    ]);
  });

  it('stays where an idle function gives its name to one that runs', async () => {
    project = await Project.create({
      'survey.py': `def births(path="births.dat"):
    return read(path)

def deaths(path="deaths.dat"):
    return read(path)
def read(path):
    return open(path).read()
`,
      'births.dat': '1',
      'deaths.dat': '2'
    });
    const source = 'import survey\nsurvey.births()';
    const { files } = await project.follow(source, { sysPath: [project.folder] });
    expect(files.map(({ path }) => path)).toEqual(['births.dat']);
  });

  it('travels where only the program itself calls it', async () => {
    project = await Project.create({
      'survey.py': `def deaths():
    return open("deaths.dat").read()

if __name__ == "__main__":
    deaths()
`,
      'deaths.dat': '2'
    });
    const follow = async (source: string): Promise<string[]> => {
      const { files } = await project.follow(source, { sysPath: [project.folder] });
      return files.map(({ path }) => path);
    };
    expect(await follow('import survey')).toEqual([]);
    expect(await follow('!python -m survey')).toContain('deaths.dat');
    expect(await follow('%run survey.py')).toContain('deaths.dat');
  });

  it('travels where a name is looked up while the cell runs', async () => {
    const { files } = await capture('import survey\ngetattr(survey, kind)()');
    expect(files).toEqual(['births.dat', 'deaths.dat']);
  });
});
