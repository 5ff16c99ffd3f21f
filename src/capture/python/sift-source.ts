/** Words of code that opens, finds or runs something, or hands on what names it. */
const TELLING =
  /open|read|load|path|file|dir|folder|glob|save|writ|dump|exec|eval|run|walk|cwd|home|data|resource|sys|src|parse|fetch|root|csv|json|yaml|pickle|shelve|sqlite|connect|import_|find_spec|attach|__(?:import|all|package|spec|loader)/i;

/** Names with a slash between them may be joined paths; a number after it makes it a division. */
const JOINED = /\/\s*\(?\s*(?!(?:len|sum|abs|float|int|math)\b)[A-Za-z_]/;

/** Names added to each other may be texts. */
const ADDED = /(?:return|=)\s*[\w.]+\s*\+\s*[\w.]+\s*$/m;

const IMPORT = /^\s*(?:import|from)\s/;
const HEADER = /^\s*(?:(?:async\s+)?def\b|class\b|\)).*:\s*$/;
/** `__all__` in one line: its strings are names. */
export const ALL_LINE =
  /^__all__\s*\+?=\s*[[(]\s*(?:'\w+'|"\w+")(?:\s*,\s*(?:'\w+'|"\w+"))*\s*,?\s*[\])]\s*$/;

const BLOCK = /^(?:async\s+def|def|class)\b|^@/;
const REST_OF_BLOCK = /^(?:[ \t)\]}#]|\r?$)/;

/**
 * The lines of a source without the functions and classes that can matter to nobody, which leave
 * empty lines; null where the source must be read whole.
 *
 * A source that has no string but its documentation, and no word of files, can name no file; of it
 * only imports count, and parsing the rest is most of what a capture would take. Any doubt leaves
 * the source whole.
 */
export function siftSource(source: string): string[] | null {
  const lines = withoutDocumentation(source);
  if (lines === null) {
    return null;
  }
  const code = lines.filter(line => !IMPORT.test(line) && !ALL_LINE.test(line)).join('\n');
  if (TELLING.test(code) || JOINED.test(code) || ADDED.test(code)) {
    return null;
  }
  return withoutIdleBlocks(lines);
}

/** The lines without comments and documentation; null where any other string is among them. */
function withoutDocumentation(source: string): string[] | null {
  const lines: string[] = [];
  let isExpected = true;
  let closing: string | null = null;
  for (const line of source.split('\n')) {
    if (closing === null && isExpected) {
      const opening = /^\s*(?:[rR]?("""|'''))/.exec(line);
      if (opening) {
        const [whole, quotes = ''] = opening;
        const rest = ending(line.slice(whole.length), quotes);
        if (rest === 'other') {
          return null;
        }
        closing = rest === 'open' ? quotes : null;
        isExpected = false;
        lines.push('');
        continue;
      }
    } else if (closing !== null) {
      const rest = ending(line, closing);
      if (rest === 'other') {
        return null;
      }
      closing = rest === 'open' ? closing : null;
      lines.push('');
      continue;
    }
    const plain = withoutComment(line);
    if (plain === null) {
      return null;
    }
    isExpected = plain.trim() === '' ? isExpected : HEADER.test(plain);
    lines.push(plain);
  }
  return closing === null ? lines : null;
}

/** Whether a line of documentation leaves it open, or ends it and has nothing else. */
function ending(line: string, quotes: string): 'open' | 'closed' | 'other' {
  if (line.includes('\\')) {
    return 'other';
  }
  const end = line.indexOf(quotes);
  return end === -1 ? 'open' : line.slice(end + quotes.length).trim() === '' ? 'closed' : 'other';
}

/** Null where a string is, or a line that goes on by a backslash. */
function withoutComment(line: string): string | null {
  const comment = line.indexOf('#');
  const code = comment === -1 ? line : line.slice(0, comment);
  return /["'\\]/.test(code) && !ALL_LINE.test(code) ? null : code;
}

/** Null where brackets do not tell where a block ends. */
function withoutIdleBlocks(lines: readonly string[]): string[] | null {
  const kept: string[] = [];
  for (let start = 0; start < lines.length;) {
    const end = BLOCK.test(lines[start] ?? '') ? blockEnd(lines, start) : start + 1;
    const block = lines.slice(start, end);
    if (end === start + 1 || block.some(line => line.includes('import'))) {
      kept.push(...block);
    } else if (isBalanced(block.join('\n'))) {
      kept.push(...block.map(() => ''));
    } else {
      return null;
    }
    start = end;
  }
  return kept;
}

/** The line after a function or class, its decorators included. */
function blockEnd(lines: readonly string[], start: number): number {
  let end = start + 1;
  let isDecorator = lines[start]?.startsWith('@') ?? false;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    if (!REST_OF_BLOCK.test(line)) {
      if (!isDecorator || !BLOCK.test(line)) {
        break;
      }
      isDecorator = line.startsWith('@');
    }
    end += 1;
  }
  return end;
}

function isBalanced(text: string): boolean {
  const count = (bracket: string): number => text.split(bracket).length;
  return count('(') === count(')') && count('[') === count(']') && count('{') === count('}');
}
