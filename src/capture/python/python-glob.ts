import type { IFileTree } from '../file-tree';
import { normalizePath } from '../posix-path';
import { FolderWalk } from './folder-walk';

export type GlobStyle = 'glob' | 'glob-recursive' | 'path' | 'path-recursive';

/** What a pattern matches here; `isCut`: more than capture looks through. */
export type GlobFound = { paths: string[]; isCut: boolean };

/** Expand a pattern below a folder as Python's `glob` or `Path.glob` does; files only, sorted. */
export async function pythonGlob(
  files: IFileTree,
  folder: string,
  pattern: string,
  style: GlobStyle
): Promise<GlobFound> {
  if (pattern.endsWith('/')) {
    // Such a pattern matches folders alone.
    return { paths: [], isCut: false };
  }
  const isOfPath = style.startsWith('path');
  const parts = pattern.split('/').filter(part => part !== '' && part !== '.');
  const walk = new FolderWalk(files, isOfPath);
  const isDeep = isOfPath || style === 'glob-recursive';
  const steps = style === 'path-recursive' ? ['**', ...parts] : parts;
  const start = pattern.startsWith('/') && !isOfPath ? '/' : folder;
  await expand({ walk, isDeep, isOfPath }, start, steps);
  return { paths: [...walk.found].sort(), isCut: walk.isCut };
}

/** Whether a text would be expanded rather than taken as it is. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

type Search = { walk: FolderWalk; isDeep: boolean; isOfPath: boolean };

async function expand(search: Search, folder: string, parts: readonly string[]): Promise<void> {
  const [part, ...rest] = parts;
  const { walk, isDeep, isOfPath } = search;
  if (part === undefined) {
    await walk.keepFile(folder);
  } else if (part === '**' && isDeep) {
    await expandDeep(search, folder, rest);
  } else if (!isGlob(part)) {
    const next = normalizePath(`${folder}/${part}`);
    if (rest.length === 0 || (await walk.isFolder(next))) {
      await expand(search, next, rest);
    }
  } else {
    const matches = fnmatch(part);
    const isHiddenMeant = isOfPath || part.startsWith('.');
    for (const name of await walk.names(folder)) {
      if (matches.test(name) && (isHiddenMeant || !name.startsWith('.'))) {
        await expand(search, `${folder === '/' ? '' : folder}/${name}`, rest);
      }
    }
  }
}

/**
 * `**` is the folder itself and all below it; at the end of a pattern also their files (of `Path`
 * since Python 3.13; before, code that asks for the folders goes on to what is in them).
 */
async function expandDeep(search: Search, folder: string, rest: readonly string[]): Promise<void> {
  const { walk, isOfPath } = search;
  const following = rest[0] === '**' ? rest.slice(1) : rest;
  for (const each of await walk.foldersBelow(folder)) {
    if (following.length > 0) {
      await expand(search, each, following);
    } else {
      for (const name of await walk.names(each)) {
        if (isOfPath || !name.startsWith('.')) {
          await walk.keepFile(`${each}/${name}`);
        }
      }
    }
  }
}

/** One part of a pattern as Python's `fnmatch` means it. */
export function fnmatch(pattern: string): RegExp {
  let text = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    if (character === '*') {
      text += '.*';
    } else if (character === '?') {
      text += '.';
    } else if (character === '[') {
      const [set, end] = characterSet(pattern, at);
      text += set;
      at = end;
    } else {
      text += escaped(character);
    }
  }
  return new RegExp(`^${text}$`, 'su');
}

/** `[abc]`, `[!a-z]`; a bracket that is never closed is itself. */
function characterSet(pattern: string, start: number): [string, number] {
  let end = start + 1;
  end += pattern[end] === '!' ? 1 : 0;
  end += pattern[end] === ']' ? 1 : 0;
  end = pattern.indexOf(']', end);
  if (end === -1) {
    return ['\\[', start];
  }
  const inside = pattern.slice(start + 1, end);
  const isNot = inside.startsWith('!');
  const ranges = rangesOf(isNot ? inside.slice(1) : inside);
  if (ranges === '') {
    return [isNot ? '.' : '(?!)', end];
  }
  return [`[${isNot ? '^' : ''}${ranges}]`, end];
}

/** A range whose end lies before its start is empty, as in Python. */
function rangesOf(set: string): string {
  const characters = [...set];
  let text = '';
  for (let at = 0; at < characters.length; at += 1) {
    const [from = '', dash, to] = characters.slice(at, at + 3);
    if (dash === '-' && to !== undefined) {
      text += from <= to ? `${escaped(from)}-${escaped(to)}` : '';
      at += 2;
    } else {
      text += from === '-' ? '\\-' : escaped(from);
    }
  }
  return text;
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
