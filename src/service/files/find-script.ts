import { posix } from 'node:path';
import { shQuote } from '../../shared/sh-quote';
import type { ListedFile } from './listed-file';

const NO_FOLDER = 66;

const KINDS: Readonly<Record<string, string>> = {
  l: 'it is a symbolic link',
  p: 'it is a named pipe',
  s: 'it is a socket',
  b: 'it is a device',
  c: 'it is a device'
};

/** Text that lists what lies below `work/` in one process, for a task whose worker could not. */
export function buildFind(work: string): string {
  return [
    `cd ${shQuote(work)} 2>/dev/null || exit ${NO_FOLDER}`,
    "exec find . -type d '(' -name __pycache__ -o -name .ipynb_checkpoints ')' -prune " +
      "-o ! -type d -printf '%y %s %P\\0'"
  ].join('\n');
}

/** The exit status where there is no such folder: the task never came so far. */
export const FIND_NO_FOLDER = NO_FOLDER;

/** Read what `find` wrote; `cwd` is where the task ran below `work/`, `sent` what had travelled there. */
export function parseFind(stdout: Buffer, cwd: string, sent: ReadonlySet<string>): ListedFile[] {
  const files: ListedFile[] = [];
  for (let from = 0; from < stdout.length;) {
    const end = stdout.indexOf(0, from);
    const file = parseOne(stdout.subarray(from, end === -1 ? stdout.length : end), cwd, sent);
    if (file !== null && end !== -1) {
      files.push(file);
    }
    from = end === -1 ? stdout.length : end + 1;
  }
  return files;
}

const SCRIPT = /^script(-\d+)?\.py$/;

/** Leave out the copy of a script that its worker made, under the first name that was free. */
export function withoutScript(
  files: readonly ListedFile[],
  sent: ReadonlySet<string>
): ListedFile[] {
  const own = files
    .map(({ path }) => path)
    .filter(path => SCRIPT.test(path) && !sent.has(path))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
  return files.filter(({ path }) => path !== own);
}

function parseOne(entry: Buffer, cwd: string, sent: ReadonlySet<string>): ListedFile | null {
  const text = entry.toString('utf8');
  const match = /^(.) (\d+) ([^]+)$/.exec(text);
  if (match === null) {
    return null;
  }
  const [, type = '', size = '0', place = ''] = match;
  const isText = Buffer.from(text).equals(entry);
  const path = posix.relative(`/${cwd}`, `/${place}`);
  const problem = KINDS[type] ?? (isText ? null : 'its name is no text (UTF-8)');
  return { path, bytes: problem === null ? Number(size) : 0, isNew: !sent.has(path), problem };
}
