import { readdir, readFile, stat } from 'node:fs/promises';
import type { FileFacts, IFileTree } from '../../capture/file-tree';
import { sha256 } from './sha256';

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

async function facts(path: string): Promise<FileFacts> {
  const found = await stat(path);
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  return { kind, bytes: found.size, mode: found.mode & 0o777 };
}

/** Answers each question about a path once, so that one capture sees one state of the disk. */
function remembered<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return path => {
    const known = answers.get(path) ?? ask(path);
    answers.set(path, known);
    return known;
  };
}

/** The files of this machine, for the life of one capture. */
export function createDiskFileTree(): IFileTree {
  return {
    stat: remembered(path => orNull(facts(path))),
    list: remembered(path => orNull(readdir(path))),
    read: path => readFile(path),
    sha256,
    decode: bytes => new TextDecoder().decode(bytes)
  };
}
