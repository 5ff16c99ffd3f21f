import type { Stats } from 'node:fs';
import type { FileDigest, FileFacts, IFileTree } from '../../capture/file-tree';
import { type IDisk, localOrRemoteDisk } from './disk-calls';
import { FileHashes } from './file-hashes';
import { sha256 } from './sha256';

const UTF8 = new TextDecoder();

/** Faults that mean: for us, nothing is there. */
const NOTHING = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG']);

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (NOTHING.has((error as NodeJS.ErrnoException).code ?? '')) {
      return null;
    }
    throw error;
  }
}

function factsOf(found: Stats, path: string): FileFacts {
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  // A number that has lost digits may be that of another folder.
  const id = Number.isSafeInteger(found.ino) ? `${found.dev}:${found.ino}` : path;
  return { kind, bytes: found.size, mode: found.mode & 0o777, id };
}

/** Answers each question about a path once, so that one capture sees one state of the disk. */
function remembered<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return path => {
    let answer = answers.get(path);
    if (answer === undefined) {
      answer = ask(path);
      answers.set(path, answer);
    }
    return answer;
  };
}

export type DiskFileTreeOptions = {
  /** Hashes from earlier captures. */
  hashes?: FileHashes;
  nowMs?: () => number;
  disk?: IDisk;
};

/** The files of this machine, for the life of one capture. */
export function createDiskFileTree(options: DiskFileTreeOptions = {}): IFileTree {
  const { hashes = new FileHashes(), nowMs = Date.now, disk = localOrRemoteDisk() } = options;
  const look = remembered(async path => {
    const found = await orNull(disk.stat(path));
    return found && { found, facts: factsOf(found, path) };
  });
  const digest = async (path: string): Promise<FileDigest> => {
    const seen = await look(path);
    const known = seen && hashes.get(path, seen.found);
    if (seen !== null && known !== null) {
      const { bytes, mode } = seen.facts;
      return { sha256: known, bytes, mode, content: null };
    }
    const readAtMs = nowMs();
    const read = await disk.hash(path);
    hashes.set(path, read.stat, read.sha256, readAtMs);
    const { bytes, content } = read;
    return { sha256: read.sha256, bytes, mode: read.stat.mode & 0o777, content };
  };
  return {
    stat: async path => (await look(path))?.facts ?? null,
    list: remembered(path => orNull(disk.list(path))),
    read: path => disk.read(path),
    digest: remembered(digest),
    sha256,
    decode: (bytes, encoding) =>
      encoding === undefined ? UTF8.decode(bytes) : new TextDecoder(encoding).decode(bytes)
  };
}
