import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { IFileTree } from '../file-tree';
import { followImports, type Captured, type FollowStart } from '../python/follow-imports';

const nothing = (): null => null;

/** The real disk. */
export const diskFiles: IFileTree = {
  stat: path =>
    stat(path).then(
      facts => ({
        kind: facts.isFile() ? 'file' : facts.isDirectory() ? 'folder' : 'other',
        bytes: facts.size,
        mode: facts.mode & 0o777,
        id: `${facts.dev}:${facts.ino}`
      }),
      nothing
    ),
  read: path => readFile(path),
  list: path => readdir(path).catch(nothing),
  digest: async path => {
    const [content, facts] = await Promise.all([readFile(path), stat(path)]);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { sha256, bytes: content.length, mode: facts.mode & 0o777, content };
  },
  sha256: bytes => createHash('sha256').update(bytes).digest('hex'),
  decode: (bytes, encoding) => new TextDecoder(encoding).decode(bytes)
};

/** A project in a directory of its own. */
export class Project {
  static async create(files: Record<string, string>): Promise<Project> {
    const project = new Project(await realpath(await mkdtemp(join(tmpdir(), 'capture-'))));
    await project.write(files);
    return project;
  }

  private constructor(readonly folder: string) {}

  async write(files: Record<string, string>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const absolute = join(this.folder, path);
      await mkdir(dirname(absolute), { recursive: true });
      await writeFile(absolute, content);
    }
  }

  at(path: string): string {
    return join(this.folder, path);
  }

  /** Follow a cell as if the kernel ran in this folder. */
  follow(
    source: string,
    capture: Partial<FollowStart> = {},
    files: IFileTree = diskFiles
  ): Promise<Captured> {
    const start: FollowStart = {
      python: {
        version: '3.11.2',
        executable: '',
        prefix: '',
        implementation: 'cpython',
        platform: 'linux',
        machine: 'x86_64'
      },
      cwd: this.folder,
      sysPath: [this.folder, this.at('.venv/lib/site-packages')],
      installedRoots: [this.at('.venv/lib/site-packages')],
      modules: [],
      ...capture
    };
    return followImports({ source, capture: start, files });
  }

  /** Paths of the modules that a cell brings. */
  async paths(source: string, capture: Partial<FollowStart> = {}): Promise<string[]> {
    return (await this.follow(source, capture)).modules.map(({ path }) => path);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
