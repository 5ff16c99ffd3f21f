// Capture runs in more than one runtime, so it brings the little it needs of POSIX paths.

/** A part that says nothing or goes up, at any place, or a path that does not begin at the root. */
const UNCLEAN = /^[^/]|\/\.{0,2}(?:\/|$)/;

/** Take out `.`, `..` and doubled slashes of an absolute path. */
export function normalizePath(path: string): string {
  // Most are clean already, and captures ask for very many.
  if (path !== '' && !UNCLEAN.test(path)) {
    return path;
  }
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return `/${parts.join('/')}`;
}

/** The absolute path that `path` means in folder `base`. */
export function resolvePath(base: string, path: string): string {
  return normalizePath(path.startsWith('/') ? path : `${base}/${path}`);
}

/** Whether `path` is `folder` or lies below it; both normalized. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** The way from folder `from` to `to`, with leading `..` where needed; both absolute. */
export function relativePath(from: string, to: string): string {
  const start = normalizePath(from).split('/').filter(Boolean);
  const end = normalizePath(to).split('/').filter(Boolean);
  let same = 0;
  while (same < start.length && same < end.length && start[same] === end[same]) {
    same += 1;
  }
  return [...start.slice(same).map(() => '..'), ...end.slice(same)].join('/') || '.';
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** How many `..` a relative path begins with. */
export function levelsUp(path: string): number {
  const parts = path.split('/');
  const first = parts.findIndex(part => part !== '..');
  return first === -1 ? parts.length : first;
}
