import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localOrRemoteDisk } from '../disk-calls';
import { createDiskFileTree } from '../disk-file-tree';
import { FileHashes } from '../file-hashes';
import { sha256 } from '../sha256';

const LATER_MS = 60_000;

let folder: string;
const at = (path: string): string => join(folder, path);

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'tree-')));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Captures of one service: each has a tree of its own and says whether it read the file. */
function captures(): (path: string, nowMs: number) => Promise<{ sha256: string; isRead: boolean }> {
  const hashes = new FileHashes();
  return async (path, nowMs) => {
    const tree = createDiskFileTree({ hashes, nowMs: () => nowMs });
    const { sha256: hash, content } = await tree.digest(path);
    return { sha256: hash, isRead: content !== null };
  };
}

describe('hashes of files', () => {
  it('are known again without reading, until the file changes', async () => {
    await writeFile(at('a'), 'one');
    const digest = captures();
    const nowMs = (await stat(at('a'))).ctimeMs + LATER_MS;
    expect(await digest(at('a'), nowMs)).toEqual({ sha256: sha256('one'), isRead: true });
    expect(await digest(at('a'), nowMs)).toEqual({ sha256: sha256('one'), isRead: false });
    await writeFile(at('a'), 'two');
    expect(await digest(at('a'), nowMs)).toEqual({ sha256: sha256('two'), isRead: true });
  });

  it('are not kept of a file that was just written: it may be again in the same tick', async () => {
    await writeFile(at('a'), 'one');
    const digest = captures();
    const { ctimeMs } = await stat(at('a'));
    for (const nowMs of [ctimeMs, ctimeMs + 1999, ctimeMs - LATER_MS]) {
      expect((await digest(at('a'), nowMs)).isRead).toBe(true);
    }
  });

  it('are not taken from another file that got the name, the size and the date', async () => {
    await writeFile(at('a'), 'one');
    const { ctimeMs, atime, mtime } = await stat(at('a'));
    const digest = captures();
    await digest(at('a'), ctimeMs + LATER_MS);
    await writeFile(at('b'), 'two');
    await utimes(at('b'), atime, mtime);
    await rename(at('b'), at('a'));
    expect((await digest(at('a'), ctimeMs + LATER_MS)).sha256).toBe(sha256('two'));
  });

  it('are forgotten beyond a number of files, those first that were not asked for', async () => {
    const hashes = new FileHashes(2);
    const found = await stat(folder);
    const laterMs = found.ctimeMs + LATER_MS;
    for (const path of ['a', 'b']) {
      hashes.set(path, found, path, laterMs);
    }
    hashes.get('a', found);
    hashes.set('c', found, 'c', laterMs);
    expect(['a', 'b', 'c'].map(path => hashes.get(path, found))).toEqual(['a', null, 'c']);
  });

  it('are of the whole of a large file, which is not kept in memory', async () => {
    const large = Buffer.alloc(9 * 2 ** 20, 'x');
    await writeFile(at('large'), large);
    await chmod(at('large'), 0o644);
    const { content, ...rest } = await createDiskFileTree().digest(at('large'));
    expect(rest).toEqual({ sha256: sha256(large), bytes: large.length, mode: 0o644 });
    expect(content).toBeNull();
  });
});

describe('a tree of files', () => {
  it('sees one state of the disk', async () => {
    await writeFile(at('a'), 'one');
    const tree = createDiskFileTree();
    const before = await Promise.all([tree.stat(at('a')), tree.list(folder), tree.digest(at('a'))]);
    await writeFile(at('a'), 'longer');
    await writeFile(at('b'), '');
    const after = await Promise.all([tree.stat(at('a')), tree.list(folder), tree.digest(at('a'))]);
    expect(after).toEqual(before);
  });

  it('answers nothing for what is not there, goes in circles or lies behind a file', async () => {
    await writeFile(at('file'), '');
    await symlink(at('loop'), at('loop'));
    await mkdir(at('deep'));
    await symlink(at('deep'), at('deep/again'));
    const tree = createDiskFileTree();
    for (const path of ['gone', 'loop', 'file/below', 'x'.repeat(300)]) {
      expect(await tree.stat(at(path))).toBeNull();
      expect(await tree.list(at(path))).toBeNull();
      await expect(tree.digest(at(path))).rejects.toThrow();
    }
    expect(await tree.list(at(`deep${'/again'.repeat(100)}`))).toBeNull();
    expect(await tree.list(at('file'))).toBeNull();
  });

  it('rejects what has no content, and does not wait for the other end of a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const tree = createDiskFileTree();
    expect(await tree.stat(at('pipe'))).toMatchObject({ kind: 'other' });
    await expect(tree.digest(at('pipe'))).rejects.toThrow(/not a regular file/);
    await expect(tree.digest(folder)).rejects.toThrow(/not a regular file/);
  });

  it('gives the executable bit and what links lead to', async () => {
    await writeFile(at('real'), 'x');
    await chmod(at('real'), 0o755);
    await symlink(at('real'), at('link'));
    const tree = createDiskFileTree();
    expect(await tree.stat(at('link'))).toMatchObject({ kind: 'file', bytes: 1, mode: 0o755 });
    expect(await tree.digest(at('link'))).toMatchObject({ sha256: sha256('x'), mode: 0o755 });
  });

  it('lets others have a turn while it reads', async () => {
    await writeFile(at('a'), '');
    let nowMs = 0;
    const disk = localOrRemoteDisk(() => (nowMs += 4));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    for (let call = 0; call < 100; call += 1) {
      await disk.stat(at('a'));
    }
    clearImmediate(timer);
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  it.each([
    [undefined, [0xc3, 0xa9], 'é'],
    ['latin1', [0xe9], 'é'],
    [undefined, [0xef, 0xbb, 0xbf, 0x61], 'a'],
    [undefined, [0xff], '\ufffd']
  ])('decodes %s', (encoding, bytes, text) => {
    expect(createDiskFileTree().decode(Uint8Array.from(bytes), encoding)).toBe(text);
  });
});
