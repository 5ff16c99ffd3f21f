import type { Captured } from './python/follow-imports';
import { baseName, levelsUp, normalizePath } from './posix-path';

/** One file of a snapshot. */
export type ManifestEntry = {
  /** `modules/<n>/<path below the import root>` or `files/<path below work/>`. */
  place: string;
  sha256: string;
  bytes: number;
  executable: boolean;
  /** Where it is here; not part of the hash. */
  absolute: string;
};

/** What a snapshot holds and how the worker lays it out. */
export type Manifest = {
  /** Of the entries' places, hashes, sizes and executable bits: the same on any machine. */
  hash: string;
  entries: ManifestEntry[];
  /** Import roots in the snapshot, in the order of `sys.path`. */
  modulePaths: string[];
  /** Private copies for the task: from the snapshot, to below `work/`. */
  files: { from: string; to: string; mode: number }[];
  /** The working directory below `work/`; empty: `work/` itself. */
  cwd: string;
};

const EXECUTABLE_MODE = 0o755;

/** Arrange what was captured as a snapshot; the same files give the same hash in any order. */
export function buildManifest(
  captured: Pick<Captured, 'roots' | 'modules' | 'files' | 'cwd'>,
  sha256: (bytes: Uint8Array) => string
): Manifest {
  const cwd = workingDirectory(captured);
  const moduleEntries = captured.modules.map(module =>
    entry(`modules/${captured.roots.indexOf(module.root)}/${module.path}`, module)
  );
  const copies = captured.files.map(file => {
    const to = normalizePath(`/${cwd}/${file.path}`).slice(1);
    return { from: `files/${to}`, to, mode: file.mode, file };
  });
  const entries = [...moduleEntries, ...copies.map(({ from, file }) => entry(from, file))];
  entries.sort((a, b) => (a.place < b.place ? -1 : 1));
  return {
    hash: sha256(asciiBytes(canonicalText(entries))),
    entries,
    modulePaths: captured.roots.map((_, index) => `modules/${index}`),
    files: copies
      .map(({ from, to, mode }) => ({ from, to, mode }))
      .sort((a, b) => (a.to < b.to ? -1 : 1)),
    cwd
  };
}

type Source = { sha256: string; bytes: number; mode: number; absolute: string };

function entry(place: string, { sha256, bytes, mode, absolute }: Source): ManifestEntry {
  return { place, sha256, bytes, executable: mode === EXECUTABLE_MODE, absolute };
}

/** `work/` stands for the lowest folder that holds the notebook and every file. */
function workingDirectory({ cwd, files }: Pick<Captured, 'cwd' | 'files'>): string {
  const levels = Math.max(0, ...files.map(file => levelsUp(file.path)));
  const names: string[] = [];
  for (let folder = normalizePath(cwd); names.length < levels && folder !== '/';) {
    names.unshift(baseName(folder));
    folder = normalizePath(`${folder}/..`);
  }
  return names.join('/');
}

function canonicalText(entries: readonly ManifestEntry[]): string {
  const lines = entries.map(({ place, sha256, bytes, executable }) =>
    JSON.stringify([place, sha256, bytes, executable])
  );
  return lines.map(line => `${line}\n`).join('');
}

/** Escapes all that is not ASCII, so that the bytes need no encoder. */
function asciiBytes(text: string): Uint8Array {
  const ascii = text.replace(
    /[^\x20-\x7e\n]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
  return Uint8Array.from(ascii, character => character.charCodeAt(0));
}
