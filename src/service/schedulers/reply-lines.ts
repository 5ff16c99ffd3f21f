/** Begins every line that our scripts write for their parsers; what does not begin so is noise. */
const MARK = 'sluice:';

/** Text of sh that writes a line of this kind; `value` is text of sh, already quoted. */
export function sayLine(kind: string, value = "''"): string {
  return `printf '${MARK}${kind} %s\\n' ${value}`;
}

/** Text of a sh filter that turns each line of stdin into a line of this kind. */
export function sayEachLine(kind: string): string {
  // The last line may lack its newline; `echo` keeps the next mark at the start of a line.
  return `{ LC_ALL=C sed 's/^/${MARK}${kind} /'; echo; }`;
}

/** The lines of a script's stdout, by kind, in their order. */
export function readLines(stdout: string): ReadonlyMap<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const [, kind, value] = /^sluice:([a-z0-9-]+) (.*)$/s.exec(line) ?? [];
    if (kind !== undefined && value !== undefined) {
      lines.set(kind, [...(lines.get(kind) ?? []), value]);
    }
  }
  return lines;
}
