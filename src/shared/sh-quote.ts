/**
 * A value as one word of POSIX sh, whatever it holds. Throws on NUL, which no word can hold.
 */
export function shQuote(value: string): string {
  if (value.includes('\0')) {
    throw new Error('a shell word cannot hold a NUL character');
  }
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
