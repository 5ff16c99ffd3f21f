/** Folders and files that programs here obey: nothing from elsewhere is put among them. */
const OBEYED = new Set(['sluice.toml', 'git~1', 'desktop.ini', 'autorun.inf', 'thumbs.db']);

/** C0, DEL and C1, line and paragraph separators, and what turns the direction of writing. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]/;

const LONGEST_NAME_BYTES = 200;
const LONGEST_PATH_BYTES = 3000;

/** How many `..` a path begins with. */
export function levelsOf(path: string): number {
  const parts = path.split('/');
  const first = parts.findIndex(part => part !== '..');
  return first === -1 ? parts.length : first;
}

/**
 * Why a path that a host told may not become one here; null: it may. `levels` is how many folders
 * above the notebook's own belong to the task.
 */
export function nameProblem(path: string, levels: number): string | null {
  const parts = path.split('/').slice(levelsOf(path));
  if (path === '' || path.startsWith('/') || levelsOf(path) > levels) {
    return 'it lies outside the folders of the task';
  }
  if (parts.length === 0 || parts.some(part => part === '' || part === '.' || part === '..')) {
    return 'its path is not a plain one';
  }
  if (/\p{Cs}/u.test(path)) {
    return 'its name is no text (UTF-8)';
  }
  if (UNSEEN.test(path)) {
    return 'its name holds characters that cannot be seen';
  }
  if (parts.some(part => part.startsWith('.'))) {
    return 'hidden files and folders do not come home';
  }
  if (parts.some(part => OBEYED.has(part.normalize('NFKC').toLowerCase()))) {
    return 'programs here would obey it';
  }
  return lengthProblem(path, parts);
}

function lengthProblem(path: string, parts: readonly string[]): string | null {
  const isTooLong =
    Buffer.byteLength(path) > LONGEST_PATH_BYTES ||
    parts.some(part => Buffer.byteLength(part) > LONGEST_NAME_BYTES);
  return isTooLong ? 'its name is too long' : null;
}
