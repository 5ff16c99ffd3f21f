import { shQuote } from '../../shared/sh-quote';

/** Exit statuses of the script: there is no such file; it is none that may come. */
export const FETCH_MISSING = 66;
export const FETCH_NO_FILE = 65;

/** Text of a function that prints the SHA-256 of its stdin, or `none` where nothing there can tell. */
export const HASH_FUNCTION = [
  'sluice_hash() {',
  '  if command -v sha256sum >/dev/null 2>&1; then sha256sum',
  '  elif command -v shasum >/dev/null 2>&1; then shasum -a 256',
  '  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r',
  '  else cat >/dev/null; echo none; fi | cut -d " " -f 1',
  '}'
].join('\n');

/** The last line of a reply after which there is more of the file. */
export const MORE = 'more';

/**
 * Text that writes the size of a file as a line, then its bytes from `offset` on, `most` of them,
 * then a line: `more`, or at the end the hash of the whole file, which is asked for after it was
 * read, so that a change meanwhile shows.
 */
export function buildFetch(
  path: string,
  { offset, most, wantsHash }: { offset: number; most: number; wantsHash: boolean }
): string {
  return [
    HASH_FUNCTION,
    `f=${shQuote(path)}`,
    `[ -e "$f" ] || [ -L "$f" ] || { echo 'there is no such file' >&2; exit ${FETCH_MISSING}; }`,
    `[ -f "$f" ] && [ ! -L "$f" ] || { echo 'it is no ordinary file' >&2; exit ${FETCH_NO_FILE}; }`,
    'size=$(($(wc -c <"$f"))) || exit 1',
    'echo "$size"',
    // Never more than was announced: a file that grows must not spoil what follows.
    `rest=$((size - ${offset}))`,
    `end=; [ "$rest" -le ${most} ] || { rest=${most}; end=${MORE}; }`,
    `[ "$rest" -le 0 ] || tail -c +${offset + 1} -- "$f" | head -c "$rest" || exit 1`,
    `if [ -n "$end" ]; then echo "$end"; else ${wantsHash ? 'sluice_hash <"$f"' : 'echo none'}; fi`
  ].join('\n');
}
