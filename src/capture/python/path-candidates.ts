import { isBelow, normalizePath, relativePath, resolvePath } from '../posix-path';
import type { NamedSource } from './data-files';
import type { FolderNames } from './folder-names';
import type { PathUse } from './path-facts';
import { HOLE_MARK, type PathBase, type PathValue, type PathValues } from './path-values';
import { shellWords } from './shell-words';

/** One path that a source may use, as far as it can be told without the disk. */
export type Candidate = {
  /** As the source has it, for a person. */
  name: string;
  /** Where it is here; for a pattern the folder that this is meant below. */
  absolute: string;
  base: PathBase;
  use: PathUse['use'];
  source: NamedSource;
  line: number;
  isSure: boolean;
  /** Null: a plain path. */
  pattern: string | null;
  style: NonNullable<PathUse['style']>;
  /** Parts of it only the run tells. */
  isGuess: boolean;
};

type Found = Pick<Candidate, 'use' | 'source' | 'line' | 'isSure'>;

/** All paths that a source may use. */
export function candidatesOf(around: Around): Candidate[] {
  const { source, values } = around;
  return source.facts.uses.flatMap(use =>
    values.of(use.path, source).flatMap(value => ofValue(value, use, around))
  );
}

type Around = { source: NamedSource; values: PathValues; cwd: string; here: FolderNames };

function ofValue(
  value: PathValue,
  { use, line, isSure, pattern, style = 'glob' }: PathUse,
  { source, values, cwd, here }: Around
): Candidate[] {
  const isPlain = use !== 'shell' && use !== 'glob' && value.base.kind === 'cwd';
  if (isPlain && isNowhere(value.text, cwd, here)) {
    return [];
  }
  const found: Found = { use, source, line, isSure: isSure === true };
  if (use === 'shell') {
    return ofCommand(value.text, found, cwd);
  }
  if (use === 'entered') {
    return [];
  }
  if (use === 'appended') {
    // A log whose name only the run tells is not what it needs.
    return value.text.includes(HOLE_MARK) ? [] : plain(value, { ...found, use: 'read' }, cwd);
  }
  if (use !== 'glob') {
    return plain(value, found, cwd);
  }
  const patterns = pattern ? values.of(pattern, source) : [];
  return patterns.flatMap(each => ofGlob(value, each, style, found, cwd));
}

/** Most constants name nothing: that is told before more is made of them. */
function isNowhere(text: string, cwd: string, here: FolderNames): boolean {
  return !/^[/~]|:/.test(text) && !text.includes(HOLE_MARK) && !here.mayHave(cwd, text);
}

/** The folders that the sources go to, and in which their relative paths may be meant. */
export function enteredFolders(
  sources: readonly NamedSource[],
  values: PathValues,
  cwd: string
): string[] {
  const folders = sources.flatMap(source =>
    source.facts.uses
      .filter(({ use }) => use === 'entered')
      .flatMap(({ path }) => values.of(path, source))
      .filter(({ text, base }) => base.kind !== 'place' && !text.includes(HOLE_MARK))
      .map(({ text }) => resolvePath(cwd, text))
  );
  return [...new Set(folders)].filter(folder => folder !== cwd).slice(0, MOST_ENTERED);
}

/** The relative paths of a source as they are meant in another folder. */
export function candidatesIn(folder: string, { source, values, cwd, here }: Around): Candidate[] {
  const around = { source, values, cwd: folder, here };
  return source.facts.uses
    .filter(({ use }) => use !== 'assigned')
    .flatMap(use =>
      values
        .of(use.path, source)
        .filter(({ base, text }) => base.kind === 'cwd' && !text.startsWith('/'))
        .flatMap(value => ofValue(value, use, around))
    )
    .filter(({ base, name }) => base.kind === 'cwd' && !name.startsWith('/'))
    .map(candidate => {
      const { absolute, pattern, name } = candidate;
      const below = relativePath(cwd, absolute);
      return { ...candidate, name: pattern === null ? below : `${below}/${name}` };
    });
}

const MOST_ENTERED = 4;

/** What a plain path is: perhaps with holes, perhaps inside a URL of a database. */
function plain(value: PathValue, found: Found, cwd: string): Candidate[] {
  const text = value.text
    .replace(/^sqlite(?:\+\w+)?:\/\/\//, '')
    .replace(/^file:(?:\/\/(?=\/))?/, '')
    .replace(/(?<=\.(?:db|sqlite3?))\?.*$/, '');
  if (!isPathLike(text, found.use)) {
    return [];
  }
  if (text.includes(HOLE_MARK)) {
    return guess({ ...value, text }, found, cwd);
  }
  return [candidate({ ...value, text }, found, cwd)];
}

function candidate(value: PathValue, found: Found, cwd: string): Candidate {
  return {
    ...found,
    name: value.base.kind === 'source' ? relativePath(cwd, value.text) : value.text,
    absolute: resolvePath(cwd, value.text),
    base: value.base,
    pattern: null,
    style: 'glob',
    isGuess: false
  };
}

/** Only what is read is guessed at, and only where enough of the path is known. */
function guess(value: PathValue, found: Found, cwd: string): Candidate[] {
  if (found.use !== 'read' && found.use !== 'unknown') {
    return [];
  }
  const isAbsolute = value.text.startsWith('/');
  const parts = value.text.split('/').filter(part => part !== '' && part !== '.');
  while (parts[0] === HOLE_MARK && !isAbsolute) {
    parts.shift();
  }
  const text = (isAbsolute ? '/' : '') + parts.join('/');
  if (text === '') {
    return [];
  }
  if (!text.includes(HOLE_MARK)) {
    return [{ ...candidate({ ...value, text }, found, cwd), isGuess: true }];
  }
  return found.use === 'read' && isTellingGuess(ownParts(parts, value, found))
    ? [patternOf({ ...value, text }, found, cwd)]
    : [];
}

/** Of what a module makes from `__file__`: only what it names itself, not where it happens to lie. */
function ownParts(
  parts: readonly string[],
  { base }: PathValue,
  { source }: Found
): readonly string[] {
  const cut = parts.findIndex(part => part.includes(HOLE_MARK));
  const fixed = normalizePath(`/${parts.slice(0, cut).join('/')}`);
  const home = source.file ?? (base.kind === 'source' ? base.root : null);
  return base.kind === 'source' && home !== null && isBelow(home, fixed) ? parts.slice(cut) : parts;
}

/** A folder that is named, or two letters of a name. */
function isTellingGuess(parts: readonly string[]): boolean {
  const named = parts.filter(part => !part.includes(HOLE_MARK));
  const stems = parts.map(part => part.replace(/\.[^.]*$/, '').replaceAll(HOLE_MARK, ''));
  return named.some(part => part !== '..') || stems.some(stem => stem.length >= 2);
}

function patternOf(value: PathValue, found: Found, cwd: string): Candidate {
  const parts = value.text.split('/');
  const cut = parts.findIndex(part => part.includes(HOLE_MARK));
  const fixed = parts.slice(0, cut).join('/');
  const pattern = parts
    .slice(cut)
    .map(part => part.replace(/[*?[]/g, '[$&]').replaceAll(HOLE_MARK, '*'))
    .join('/');
  const folder = resolvePath(cwd, fixed === '' && value.text.startsWith('/') ? '/' : fixed || '.');
  return {
    ...candidate({ ...value, text: folder }, found, cwd),
    name: value.base.kind === 'cwd' ? [...parts.slice(0, cut), pattern].join('/') : pattern,
    use: 'glob',
    pattern,
    isGuess: true
  };
}

function ofGlob(
  base: PathValue,
  pattern: PathValue,
  style: Candidate['style'],
  found: Found,
  cwd: string
): Candidate[] {
  const isGuess = pattern.text.includes(HOLE_MARK);
  const told = pattern.text.replaceAll(HOLE_MARK, '').replace(/[*/]/g, '');
  if (base.text.includes(HOLE_MARK) || (isGuess && told.replace(/^\.\w+$/, '') === '')) {
    return [];
  }
  const own = pattern.text.replaceAll(HOLE_MARK, '*');
  const isFree = pattern.base.kind !== 'cwd' || own.startsWith('/');
  const folder = isFree ? '/' : resolvePath(cwd, base.text || '.');
  const where = isFree ? pattern.base : base.base;
  const before = isFree || base.text === '' || base.text === '.' ? '' : `${base.text}/`;
  if (!isPathLike(own, 'glob') || (isFree && /^[*/]*$/.test(own))) {
    return [];
  }
  const name = where.kind === 'source' ? own : before + own;
  return [
    {
      ...found,
      name,
      absolute: folder,
      base: where,
      pattern: own,
      style,
      isGuess
    }
  ];
}

/** The words of a shell's command; a word that a shell would expand is a pattern. */
function ofCommand(command: string, found: Found, cwd: string): Candidate[] {
  return shellWords(command).flatMap(({ text, isPattern, isWritten, folder }) => {
    const use = isWritten ? ('written' as const) : ('unknown' as const);
    const home: PathBase = { kind: /^~(?:\/|$)/.test(text) ? 'home' : 'cwd' };
    if (!isPathLike(text, use) || text.startsWith('-') || home.kind === 'home') {
      return [];
    }
    const place = resolvePath(cwd, folder || '.');
    const named = { ...found, use };
    const value = { text, base: home };
    if (text.includes(HOLE_MARK)) {
      return guess(value, { ...named, use: isWritten ? 'written' : 'read' }, place);
    }
    const plainOne = { ...candidate(value, named, place), isSure: found.isSure && isWritten };
    return isPattern && !isWritten
      ? [
          {
            ...plainOne,
            use: 'glob' as const,
            absolute: text.startsWith('/') ? '/' : place,
            pattern: text
          }
        ]
      : [plainOne];
  });
}

/** Whether a text may be a path at all; what is surely opened may have any name. */
function isPathLike(text: string, use: PathUse['use']): boolean {
  // eslint-disable-next-line no-control-regex
  const isOdd = /[\x01-\x1f]/.test(text) && use !== 'read' && use !== 'listed' && use !== 'tree';
  return (
    text.trim() !== '' &&
    text.length <= 1024 &&
    !isOdd &&
    !text.includes('\0') &&
    !/^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  );
}
