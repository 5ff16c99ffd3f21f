import type { LeftOut } from '../shared/wire/capture';
import type { Captured } from './python/follow-imports';
import { baseName, levelsUp, normalizePath } from './posix-path';
import { layOutRoots } from './root-layout';

/** One file of a snapshot. */
export type ManifestEntry = {
  /** `modules/<n>/<path in its tree>` or `files/<path below work/>`. */
  place: string;
  sha256: string;
  bytes: number;
  executable: boolean;
  /** Why it travels; not part of the hash. */
  why: string;
  /** Where it is here; not part of the hash. */
  absolute: string;
};

/** What a snapshot holds, how the worker lays it out, and what stayed here. */
export type Manifest = {
  /** The sha256 of `text`: the same on any machine and in any order. */
  hash: string;
  /** `manifest.json` of the snapshot: lines of JSON, of which the worker checks the entries. */
  text: string;
  /** Sorted by place. */
  entries: ManifestEntry[];
  /** Import roots in the snapshot, in the order of `sys.path`. */
  modulePaths: string[];
  /** Private copies for the task: from the snapshot, to below `work/`. */
  files: { from: string; to: string; mode: number }[];
  /** Folders below `work/` that the task finds, empty where no file lies in them; sorted. */
  folders: string[];
  /** The working directory below `work/`; empty: `work/` itself. */
  cwd: string;
  leftOut: LeftOut[];
};

const EXECUTABLE_MODE = 0o755;

type Parts = Pick<Captured, 'roots' | 'modules' | 'files' | 'cwd'> &
  Partial<Pick<Captured, 'folders' | 'leftOut'>>;

/** Arrange what was captured as a snapshot. */
export function buildManifest(captured: Parts, sha256: (bytes: Uint8Array) => string): Manifest {
  const cwd = workingDirectory(captured);
  const beside = captured.files.flatMap(file =>
    (file.besideRoots ?? []).map(root => ({ root, absolute: file.absolute, file }))
  );
  const layout = layOutRoots(captured.roots, beside);
  const copies = captured.files.filter(isInWork).map(file => {
    const to = normalizePath(`/${cwd}/${file.path}`).slice(1);
    return { from: `files/${to}`, to, mode: file.mode, file };
  });
  const entries = distinct([
    ...captured.modules.map(module =>
      entry(`${layout.placeOf(module.root)}/${module.path}`, module)
    ),
    ...beside.flatMap(({ root, absolute, file }) => {
      const place = layout.placeBeside(root, absolute);
      return place === null ? [] : [entry(place, file)];
    }),
    ...copies.map(({ from, file }) => entry(from, file))
  ]);
  const folders = emptyFolders(captured, cwd, copies);
  const text = canonicalText(entries, folders);
  return {
    hash: sha256(asciiBytes(text)),
    text,
    entries,
    modulePaths: captured.roots.map(root => layout.placeOf(root)),
    files: copies
      .map(({ from, to, mode }) => ({ from, to, mode }))
      .sort((a, b) => (a.to < b.to ? -1 : 1)),
    folders,
    cwd,
    leftOut: captured.leftOut ?? []
  };
}

type Source = { sha256: string; bytes: number; mode: number; absolute: string; why: string };

function entry(place: string, { sha256, bytes, mode, absolute, why }: Source): ManifestEntry {
  return { place, sha256, bytes, executable: mode === EXECUTABLE_MODE, why, absolute };
}

function isInWork({ isOnlyBeside }: Captured['files'][number]): boolean {
  return isOnlyBeside !== true;
}

/** A file that two ways lead to is there once; by code unit, so that no language changes the order. */
function distinct(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const byPlace = new Map<string, ManifestEntry>();
  for (const each of entries) {
    if (!byPlace.has(each.place)) {
      byPlace.set(each.place, each);
    }
  }
  return [...byPlace.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** Those that no file and no folder below them, nor the task's own folder, brings along. */
function emptyFolders(
  { folders = [] }: Parts,
  cwd: string,
  copies: readonly { to: string }[]
): string[] {
  const places = folders.map(folder => normalizePath(`/${cwd}/${folder}`).slice(1));
  const others = [...copies.map(({ to }) => to), ...places, `${cwd}/`];
  return [...new Set(places)]
    .filter(place => place !== '' && !others.some(other => other.startsWith(`${place}/`)))
    .sort();
}

/** `work/` stands for the lowest folder that holds the notebook and every file. */
function workingDirectory({ cwd, files, folders = [] }: Parts): string {
  const levels = Math.max(
    0,
    ...folders.map(levelsUp),
    ...files.filter(isInWork).map(file => Math.max(levelsUp(file.path), file.levelsUp ?? 0))
  );
  const names: string[] = [];
  for (let folder = normalizePath(cwd); names.length < levels && folder !== '/';) {
    names.unshift(baseName(folder));
    folder = normalizePath(`${folder}/..`);
  }
  return names.join('/');
}

/** A line for each entry, then one of a single part for each folder. */
function canonicalText(entries: readonly ManifestEntry[], folders: readonly string[]): string {
  const files = entries.map(({ place, sha256, bytes, executable }) =>
    JSON.stringify([place, sha256, bytes, executable])
  );
  const lines = [...files, ...folders.map(folder => JSON.stringify([`work/${folder}`]))];
  return asciiText(lines.map(line => `${line}\n`).join(''));
}

/** Escapes all that is not ASCII, so that the bytes need no encoder. */
function asciiText(text: string): string {
  return text.replace(
    /[^\x20-\x7e\n]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}
