import { createHash } from 'node:crypto';
import {
  type Stats,
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync
} from 'node:fs';
import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { FolderDisks } from './folder-disks';
import { sha256 } from './sha256';

/** A file's hash with the state of the file that it is of. */
export type HashedFile = {
  sha256: string;
  bytes: number;
  stat: Stats;
  /** Null: it is too large to keep in memory. */
  content: Uint8Array | null;
};

/** What capture asks of a disk. Each call rejects with Node's own error. */
export interface IDisk {
  stat(path: string): Promise<Stats>;
  list(path: string): Promise<string[]>;
  read(path: string): Promise<Uint8Array>;
  hash(path: string): Promise<HashedFile>;
}

/** Above this a file is hashed piece by piece. */
const LARGE_BYTES = 8 * 2 ** 20;

/** A pipe would have us wait for its other end. */
function asFile(found: Stats, path: string): Stats {
  if (!found.isFile()) {
    throw new Error(`${path} is not a regular file`);
  }
  return found;
}

/** Calls that may take their time: the service goes on meanwhile. */
const remoteDisk: IDisk = {
  stat: path => stat(path),
  list: path => readdir(path),
  read: path => readFile(path),
  async hash(path) {
    asFile(await stat(path), path);
    const file = await open(path);
    try {
      const found = await file.stat();
      return found.size > LARGE_BYTES
        ? await hashedByPieces(file, found)
        : hashed(found, await file.readFile());
    } finally {
      await file.close();
    }
  }
};

/** How long short calls may follow each other before everybody else has a turn. */
const TURN_MS = 10;

/**
 * Calls to a disk of this machine: each takes some microseconds, a tenth of what a round through
 * Node's pool of threads does, and a capture makes thousands.
 */
const localDisk: IDisk = {
  stat: async path => statSync(path),
  list: async path => readdirSync(path),
  read: async path => readFileSync(path),
  async hash(path) {
    if (asFile(statSync(path), path).size > LARGE_BYTES) {
      return remoteDisk.hash(path);
    }
    const file = openSync(path, 'r');
    try {
      return hashed(fstatSync(file), readFileSync(file));
    } finally {
      closeSync(file);
    }
  }
};

async function hashedByPieces(file: FileHandle, found: Stats): Promise<HashedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of file.createReadStream({ autoClose: false })) {
    hash.update(piece as Uint8Array);
    bytes += (piece as Uint8Array).length;
  }
  return { sha256: hash.digest('hex'), bytes, stat: found, content: null };
}

function hashed(found: Stats, content: Uint8Array): HashedFile {
  return { sha256: sha256(content), bytes: content.length, stat: found, content };
}

/**
 * The disk that suits each folder: short calls in place where it lies on this machine, and calls
 * that wait aside where a network may be slow, or gone. For the life of a service.
 */
export function localOrRemoteDisk(nowMs: () => number = () => performance.now()): IDisk {
  const folders = new FolderDisks(nowMs);
  let turnEndsMs = nowMs() + TURN_MS;
  const ready = async (path: string): Promise<IDisk> => {
    if (nowMs() > turnEndsMs) {
      await setImmediate();
      turnEndsMs = nowMs() + TURN_MS;
    }
    return (await folders.isLocal(dirname(path))) ? localDisk : remoteDisk;
  };
  return {
    stat: async path => (await ready(path)).stat(path),
    list: async path => (await ready(path)).list(path),
    read: async path => (await ready(path)).read(path),
    hash: async path => (await ready(path)).hash(path)
  };
}
