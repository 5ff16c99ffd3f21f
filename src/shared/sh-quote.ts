/**
 * A value as one word of POSIX sh, whatever it holds. Throws on NUL, which no word can hold.
 */
export function shQuote(value: string): string {
  if (value.includes('\0')) {
    throw new Error('a shell word cannot hold a NUL character');
  }
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** A path as one word; `~/` is the home on the host, which a quoted word would not become. */
export function shPath(path: string): string {
  return path.startsWith('~/') ? `"$HOME"/${shQuote(path.slice(2))}` : shQuote(path);
}
