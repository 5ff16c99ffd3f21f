import ignore, { type Ignore } from 'ignore';
import { isBelow, normalizePath, relativePath, resolvePath } from './posix-path';

/** Patterns as in `.gitignore`, each with the folder that it is meant below. */
export class FilePatterns {
  private readonly groups = new Map<string, { patterns: string[]; matcher: Ignore }>();

  /** `isAsked`: a path that a person typed, which may lead above the folder or be absolute. */
  constructor(
    readonly folder: string,
    readonly patterns: readonly string[],
    isAsked = false
  ) {
    for (const pattern of patterns) {
      const placed = isAsked ? placeAsked(folder, pattern) : { folder, pattern };
      const group = this.groups.get(placed.folder) ?? { patterns: [], matcher: ignore() };
      group.patterns.push(placed.pattern);
      group.matcher.add(placed.pattern);
      this.groups.set(placed.folder, group);
    }
  }

  /** Whether a path is one of those meant; a folder that is meant holds only such. */
  matches(absolute: string): boolean {
    for (const [folder, { matcher }] of this.groups) {
      if (absolute !== folder && isBelow(absolute, folder)) {
        const path = relativePath(folder, absolute);
        if (ignore.isPathValid(path) && matcher.ignores(path)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a pattern names this very file, rather than a folder around it or many at once. */
  names(absolute: string): boolean {
    const name = absolute.slice(absolute.lastIndexOf('/') + 1);
    return this.matches(absolute) && this.lastParts().includes(name);
  }

  /** Where to look for what the patterns mean, and whether below that too. */
  starts(): { path: string; isWhole: boolean }[] {
    return [...this.groups].flatMap(([folder, { patterns }]) =>
      patterns.filter(pattern => !pattern.startsWith('!')).map(pattern => startOf(folder, pattern))
    );
  }

  private lastParts(): string[] {
    return [...this.groups.values()].flatMap(({ patterns }) =>
      patterns
        .filter(pattern => !pattern.startsWith('!') && !pattern.endsWith('/'))
        .map(pattern => pattern.slice(pattern.lastIndexOf('/') + 1))
        .filter(part => !isMagic(part))
        .map(part => part.replace(/\\(.)/g, '$1'))
    );
  }
}

/** What is wrong with a pattern of a configuration file; null: nothing. */
export function patternProblem(pattern: string): string | null {
  const plain = pattern.replace(/^!/, '');
  if (plain.trim() === '' || pattern.startsWith('#')) {
    return 'a pattern is empty';
  }
  if (/[\0\n\r]/.test(plain)) {
    return 'a pattern holds a line break';
  }
  if (plain.split('/').includes('..')) {
    return `“${pattern}” leads above the folder of this file`;
  }
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(plain)) {
    return `“${pattern}” ends with a backslash`;
  }
  try {
    ignore().add(pattern).ignores('a/b');
  } catch (error) {
    return `“${pattern}” is no pattern: ${error instanceof Error ? error.message : String(error)}`;
  }
  return null;
}

/** What a person types is a path first: `./x`, `../x`, `/data/x` and `x` mean what a shell means. */
function placeAsked(folder: string, pattern: string): { folder: string; pattern: string } {
  const isFolder = pattern.endsWith('/') ? '/' : '';
  const parts = pattern.split('/');
  const cut = parts.findIndex(isMagic);
  const fixed = (cut === -1 ? parts.slice(0, -1) : parts.slice(0, cut)).join('/');
  const isPath = /^(?:\.{0,2}\/|\.\.?$)/.test(pattern) || parts.includes('..');
  if (!isPath) {
    return { folder, pattern: pattern.includes('/') ? pattern : anchored(pattern) };
  }
  if (cut === -1) {
    const whole = resolvePath(folder, pattern);
    const name = whole.slice(whole.lastIndexOf('/') + 1);
    return { folder: normalizePath(`${whole}/..`), pattern: `/${name}${isFolder}` };
  }
  const base = resolvePath(folder, fixed === '' && pattern.startsWith('/') ? '/' : fixed || '.');
  return { folder: base, pattern: `/${parts.slice(cut).join('/')}` };
}

/** A name without a slash is the one in the folder, not each of that name anywhere below. */
function anchored(pattern: string): string {
  return isMagic(pattern) ? pattern : `/${pattern}`;
}

function startOf(folder: string, pattern: string): { path: string; isWhole: boolean } {
  const parts = pattern.replace(/^\//, '').split('/');
  const isAnchored = pattern.startsWith('/') || parts.filter(part => part !== '').length > 1;
  const cut = parts.findIndex(isMagic);
  if (!isAnchored) {
    return { path: folder, isWhole: true };
  }
  const fixed = cut === -1 ? parts : parts.slice(0, cut);
  return { path: resolvePath(folder, fixed.join('/') || '.'), isWhole: cut !== -1 };
}

function isMagic(part: string): boolean {
  return /(?:^|[^\\])[*?[]/.test(part);
}
