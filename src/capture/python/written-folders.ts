import type { IFileTree } from '../file-tree';
import { levelsUp, normalizePath, relativePath, resolvePath } from '../posix-path';
import { MOST_LEVELS_UP, type NamedSource } from './data-files';
import type { Candidate } from './path-candidates';
import { HOLE_MARK, type PathValue, type PathValues } from './path-values';

type WrittenFoldersOptions = {
  sources: readonly NamedSource[];
  values: PathValues;
  /** What shell lines write is among them. */
  candidates: readonly Candidate[];
  /** Folders that the code goes to; absolute. */
  entered: readonly string[];
  cwd: string;
  files: IFileTree;
};

/** A folder by its absolute path, and how far above the notebook's folder the way to it leads. */
type Way = { absolute: string; levels: number };

const MOST_FOLDERS = 2000;
const AT_ONCE = 64;

/** What is given to a call that nobody knows may be written, if it looks like a file's name. */
const FILE_NAME = /[^/]\.[A-Za-z]\w{0,7}$/;

/**
 * Folders that are here and that the code counts on: it writes into them, or goes there. As seen
 * from the notebook's folder, sorted; with those above it that the code only goes through.
 */
export async function writtenFolders(options: WrittenFoldersOptions): Promise<string[]> {
  const { entered, cwd, files } = options;
  const ways = [...entered.map(folder => wayTo(folder, cwd)), ...writtenIn(options)];
  const found = await foldersOf(
    ways.filter(({ levels }) => levels <= MOST_LEVELS_UP),
    files
  );
  const paths = found.flatMap(({ absolute, levels }) => {
    const path = relativePath(cwd, absolute);
    return levels > levelsUp(path) ? [path, Array(levels).fill('..').join('/')] : [path];
  });
  return [...new Set(paths)].filter(path => path !== '.').sort();
}

/** Those that are folders here; one look at each. */
async function foldersOf(ways: readonly Way[], files: IFileTree): Promise<Way[]> {
  const named = [...new Set(ways.map(({ absolute }) => absolute))].slice(0, MOST_FOLDERS);
  const found = new Set<string>();
  for (let start = 0; start < named.length; start += AT_ONCE) {
    const batch = named.slice(start, start + AT_ONCE);
    const facts = await Promise.all(batch.map(path => files.stat(path)));
    batch.filter((_, index) => facts[index]?.kind === 'folder').forEach(path => found.add(path));
  }
  return ways.filter(({ absolute }) => found.has(absolute));
}

/** The folder around each path that the code writes. */
function writtenIn(options: WrittenFoldersOptions): Way[] {
  const { sources, values, candidates, entered, cwd } = options;
  const starts = [cwd, ...entered];
  const own = sources.flatMap(source =>
    source.facts.uses
      .filter(({ use }) => use === 'written' || use === 'appended')
      .flatMap(({ path }) => values.of(path, source))
      .flatMap(value => starts.flatMap(start => around(value, start, cwd)))
  );
  const others = candidates
    .filter(mayBeWritten)
    .map(({ absolute }) => wayTo(normalizePath(`${absolute}/..`), cwd));
  return [...own, ...others];
}

/** What a shell line writes, and what calls are given of which nobody knows what they do. */
function mayBeWritten({ use, base, name, isGuess }: Candidate): boolean {
  const isUnknown = use === 'unknown' && FILE_NAME.test(name) && !isGuess;
  return (use === 'written' || isUnknown) && base.kind === 'cwd' && isRelative(name);
}

/** The folder around a path, as far as it can be told before the run; none: it is no such path. */
function around({ text, base }: PathValue, start: string, cwd: string): Way[] {
  const known = text.split(HOLE_MARK)[0] ?? '';
  const folder = known.slice(0, known.lastIndexOf('/') + 1);
  if (folder === '' || folder.includes('\0')) {
    return [];
  }
  if (base.kind === 'source' && base.root === null) {
    return [wayTo(normalizePath(folder), cwd)];
  }
  return base.kind === 'cwd' && isRelative(folder)
    ? [{ absolute: resolvePath(start, folder), levels: highest(relativePath(cwd, start), folder) }]
    : [];
}

function wayTo(absolute: string, cwd: string): Way {
  return { absolute, levels: levelsUp(relativePath(cwd, absolute)) };
}

/** `../nb/out/` leaves the folder, although it comes back. */
function highest(start: string, path: string): number {
  let [depth, lowest] = [0, 0];
  for (const part of `${start}/${path}`.split('/')) {
    depth += part === '..' ? -1 : part === '' || part === '.' ? 0 : 1;
    lowest = Math.min(lowest, depth);
  }
  return -lowest;
}

function isRelative(path: string): boolean {
  return !path.startsWith('/') && !path.startsWith('~');
}
