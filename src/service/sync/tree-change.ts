import type { TreeEntry } from './shipment';

/** A tree that a host has, as far as its manifest tells. */
export type KnownTree = { hash: string; entries: readonly TreeEntry[]; manifest: string };

/** How one tree becomes another. */
export type TreeChange = {
  base: KnownTree;
  /** Entries that the base lacks, or has otherwise. */
  changed: TreeEntry[];
  /** Files and whole folders to remove first: those that are gone, and those that change. */
  removed: string[];
  /** Lines that tell how the base's manifest becomes the new one. */
  edits: string[];
};

function isSame(a: TreeEntry, b: TreeEntry | undefined): boolean {
  return b !== undefined && a.sha256 === b.sha256 && a.executable === b.executable;
}

function byPlace(entries: readonly TreeEntry[]): Map<string, TreeEntry> {
  return new Map(entries.map(entry => [entry.place, entry]));
}

/** Every folder above a place. */
function foldersOf(places: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const place of places) {
    let end = place.lastIndexOf('/');
    while (end > 0 && !folders.has(place.slice(0, end))) {
      folders.add(place.slice(0, end));
      end = place.lastIndexOf('/', end - 1);
    }
  }
  return folders;
}

/** Those that lie in no other folder of the list. */
function topmost(folders: readonly string[]): string[] {
  const all = new Set(folders);
  const isBelow = (folder: string): boolean =>
    [...foldersOf([folder])].some(above => all.has(above));
  return folders.filter(folder => !isBelow(folder));
}

/** What has to happen to a copy of `base`. */
export function changeOf(
  base: KnownTree,
  next: { entries: readonly TreeEntry[]; manifest: string }
): TreeChange {
  const before = byPlace(base.entries);
  const after = byPlace(next.entries);
  const changed = next.entries.filter(entry => !isSame(entry, before.get(entry.place)));
  const kept = foldersOf([...after.keys()]);
  // An empty folder would be found as a package.
  const folders = topmost([...foldersOf([...before.keys()])].filter(folder => !kept.has(folder)));
  const gone = [...before.keys()].filter(place => !after.has(place));
  const isInFolder = (place: string): boolean =>
    folders.some(folder => place.startsWith(`${folder}/`));
  const files = [...gone, ...changed.map(({ place }) => place).filter(place => before.has(place))];
  const removed = [...folders, ...files.filter(place => !isInFolder(place))];
  return { base, changed, removed, edits: editsOf(base.manifest, next.manifest) };
}

/** `d N`: leave line N out; `a N TEXT`: TEXT after line N, 0 being the beginning. */
function editsOf(before: string, after: string): string[] {
  const old = before.split('\n').slice(0, -1);
  const wanted = after.split('\n').slice(0, -1);
  const known = new Set(wanted);
  const numbers = new Map(old.map((line, index) => [line, index + 1]));
  const deleted = old.flatMap((line, index) => (known.has(line) ? [] : [`d ${index + 1}`]));
  let last = 0;
  const added = wanted.flatMap(line => {
    const number = numbers.get(line);
    last = number ?? last;
    return number === undefined ? [`a ${last} ${line}`] : [];
  });
  return [...deleted, ...added];
}

/** The bytes of a tree's files that are in another as they are. */
function sharedBytes(base: KnownTree, entries: readonly TreeEntry[]): number {
  const before = byPlace(base.entries);
  // A small file costs its header and its line too.
  return entries
    .filter(entry => isSame(entry, before.get(entry.place)))
    .reduce((sum, { bytes }) => sum + bytes + 1000, 0);
}

/** The tree from which least has to change; null where none has anything of it. */
export function nearestTree(
  trees: readonly KnownTree[],
  entries: readonly TreeEntry[]
): KnownTree | null {
  const rated = trees.map(tree => ({ tree, shared: sharedBytes(tree, entries) }));
  const best = rated.sort((a, b) => b.shared - a.shared)[0];
  return best === undefined || best.shared === 0 ? null : best.tree;
}

/** A tree from the text of its manifest; null where it is none of ours. */
export function parseManifest(hash: string, manifest: string): KnownTree | null {
  try {
    const lines = manifest.split('\n').slice(0, -1);
    const parsed = lines.map(line => JSON.parse(line) as unknown);
    const files = parsed.filter(line => Array.isArray(line) && line.length > 1) as unknown[][];
    const entries = files.map(entryOf);
    return entries.includes(null) ? null : { hash, manifest, entries: entries as TreeEntry[] };
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}

function entryOf([place, sha256, bytes, executable]: unknown[]): TreeEntry | null {
  const isEntry =
    typeof place === 'string' &&
    isBelow(place) &&
    typeof sha256 === 'string' &&
    typeof bytes === 'number' &&
    typeof executable === 'boolean';
  return isEntry ? { place, sha256, bytes, executable } : null;
}

/** The host wrote it, and its names become those of what is removed there. */
function isBelow(place: string): boolean {
  return !place.includes('\0') && place.split('/').every(part => !['', '.', '..'].includes(part));
}
