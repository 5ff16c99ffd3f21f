/**
 * Cut a text after the last whole line within `limit` characters: what fits, and the rest.
 * A line that is longer than the limit is cut only when `cutLine` says so.
 */
export function splitAtLimit(
  text: string,
  limit: number,
  cutLine: boolean
): [head: string, tail: string] {
  if (text.length <= limit) {
    return [text, ''];
  }
  const end = limit > 0 ? text.lastIndexOf('\n', limit - 1) + 1 : 0;
  const cut = end === 0 && cutLine ? Math.max(0, limit) : end;
  return [text.slice(0, cut), text.slice(cut)];
}

/** How many lines end in a text. */
export function countLineEnds(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lines += 1;
  }
  return lines;
}

/** Where in a text its first `count` lines end; its whole length where it has no more. */
export function endOfLines(text: string, count: number): number {
  let end = 0;
  for (let line = 0; line < count; line += 1) {
    const at = text.indexOf('\n', end);
    if (at < 0) {
      return text.length;
    }
    end = at + 1;
  }
  return end;
}
