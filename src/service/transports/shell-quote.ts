/** A value as one word of POSIX sh that means exactly these characters. */
export function quote(value: string): string {
  if (value.includes('\0')) {
    throw new TypeError('a NUL byte cannot be part of a shell word');
  }
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
