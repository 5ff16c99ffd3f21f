import { mkdir } from 'node:fs/promises';
import { Project } from '../../__tests__/project';

describe('folders that the code writes into', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'a/b/c/nb/lib.py': 'LOG = "logs/deep/x.txt"' });
    const folders = ['out/deep', 'logs/deep', 'go/below', 'unused', '../figs'];
    for (const folder of [...folders.map(each => `a/b/c/nb/${each}`), 'far']) {
      await mkdir(project.at(folder), { recursive: true });
    }
  });
  afterEach(() => project.remove());

  const folders = async (source: string): Promise<string[]> => {
    const cwd = project.at('a/b/c/nb');
    return (await project.follow(source, { cwd, sysPath: [cwd] })).folders;
  };

  it.each([
    ['a name that only the run tells', 'save(f"out/deep/{n}.png")', ['out/deep']],
    ['a folder that only the run tells', 'open(f"out/{n}/x.txt", "w")', ['out']],
    ['a constant of a module', 'import lib\nopen(lib.LOG, "w")', ['logs/deep']],
    ['a file that is gone on with', 'open("out/log.txt", "a")', ['out']],
    ['a writer that nobody knows', 'sf.write("out/a.wav", x)', ['out']],
    ['a redirection', '!echo 1 > out/a.txt', ['out']],
    ['a folder that is entered', 'import os\nos.chdir("go")', ['go']],
    ['what is written there', 'os.chdir("go")\nopen("below/x", "w")', ['go', 'go/below']],
    ['a folder above', 'open("../figs/a.png", "w")', ['../figs']],
    ['a way that leads out and back', 'open("../nb/out/a.png", "w")', ['..', 'out']],
    ['the folder above itself', 'open("../a.png", "w")', ['..']]
  ])('are told from %s', async (_, source, expected) => {
    expect(await folders(source)).toEqual(expected);
  });

  it.each([
    ['is not here', 'open("nowhere/x.txt", "w")'],
    ['is the notebook’s own', 'open("x.txt", "w")'],
    ['is only read from', 'open("out/x.txt")'],
    ['lies too far above', 'open("../../../../far/x.txt", "w")'],
    ['is absolute', 'open("/tmp/x.txt", "w")'],
    ['is a word that is no file', 'show("out/of order")']
  ])('are none when it %s', async (_, source) => {
    expect(await folders(source)).toEqual([]);
  });
});
