import { posix } from 'node:path';
import { shQuote } from '../../shared/sh-quote';

/** Exit status of the read script when there is no such file. */
export const MISSING_STATUS = 66;

/** Write a file, or a part of it, to stdout. */
export function readScript(path: string, part: { offset?: number; length?: number }): string {
  const { offset = 0, length } = part;
  const from = offset > 0 ? `tail -c +${offset + 1}` : null;
  const upTo = length === undefined ? null : `head -c ${length}`;
  const commands = [from, upTo].filter(command => command !== null);
  return [
    `f=${shQuote(path)}`,
    `[ -e "$f" ] || { echo "there is no such file" >&2; exit ${MISSING_STATUS}; }`,
    '[ ! -d "$f" ] || { echo "it is a directory" >&2; exit 65; }',
    'exec <"$f" || exit 1',
    commands.length === 0 ? 'exec cat' : commands.join(' | ')
  ].join('\n');
}

/** The name under which a file is written before it takes its place: in the same directory. */
export function partialPath(path: string, nonce: string): string {
  return posix.join(posix.dirname(path), `.sluice-${nonce}`);
}

const beginWrite = (path: string, partial: string): string[] => [
  `f=${shQuote(path)}`,
  `t=${shQuote(partial)}`,
  'fail() { rm -f -- "$t"; exit "$1"; }',
  // mv would put the file into a directory of that name.
  '[ ! -d "$f" ] || { echo "it is a directory" >&2; exit 65; }'
];

const receive = 'cat >"$t" || fail 1';

const publish = (mode: number): string =>
  `chmod ${mode.toString(8).padStart(4, '0')} -- "$t" && mv -f -- "$t" "$f" || fail 1`;

// A link that dies ends stdin as if all had arrived, so the number of bytes decides.
const expectBytes = (bytes: number): string =>
  `[ "$(($(wc -c <"$t")))" -eq ${bytes} ] || { echo "not all bytes arrived" >&2; fail 75; }`;

/** Write stdin, which has `bytes` bytes, to a file. */
export function writeScript(path: string, partial: string, bytes: number, mode: number): string {
  return [...beginWrite(path, partial), receive, expectBytes(bytes), publish(mode)].join('\n');
}

/** Write stdin, of a length not known yet, beside a file's place. */
export function receiveScript(path: string, partial: string): string {
  return [...beginWrite(path, partial), receive].join('\n');
}

/** Give a received file its place, when it has `bytes` bytes. */
export function publishScript(path: string, partial: string, bytes: number, mode: number): string {
  return [...beginWrite(path, partial), expectBytes(bytes), publish(mode)].join('\n');
}

/** Remove what was received and shall have no place. */
export function removeScript(partial: string): string {
  return `rm -f -- ${shQuote(partial)}`;
}
