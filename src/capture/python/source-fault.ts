/** What is wrong with a source. */
export type SourceFault = {
  line: number;
  problem: string;
  /** Whether no Python would import it. */
  isSure: boolean;
};

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Everything that may begin or end a bracket, a string, a comment or a line. */
const TOKEN = /["'#()[\]{}\n\\]/g;

/**
 * A fault that every version of Python finds: brackets that do not fit, strings without an end.
 * Null where there is none, or where the text alone cannot tell: f-strings may hold quotes of
 * their own since Python 3.12.
 */
export function findFault(source: string): SourceFault | null {
  const open: { bracket: string; line: number }[] = [];
  let line = 1;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const [token] = match;
    if (token === '\n') {
      line += 1;
    } else if (token === '\\') {
      line += source[match.index + 1] === '\n' ? 1 : 0;
      TOKEN.lastIndex += 1;
    } else if (token === '#') {
      const end = source.indexOf('\n', match.index);
      TOKEN.lastIndex = end === -1 ? source.length : end;
    } else if (token === '"' || token === "'") {
      const end = stringEnd(source, match.index, token);
      if (isFormatted(source, match.index)) {
        return null;
      }
      if (end === null) {
        return sure(line, 'a string has no end');
      }
      line += countLines(source, match.index, end);
      TOKEN.lastIndex = end;
    } else if (CLOSING[token] === undefined) {
      open.push({ bracket: token, line });
    } else if (open.pop()?.bracket !== CLOSING[token]) {
      return sure(line, `'${token}' closes nothing`);
    }
  }
  const last = open.at(-1);
  return last === undefined ? null : sure(last.line, `'${last.bracket}' is never closed`);
}

function sure(line: number, problem: string): SourceFault {
  return { line, problem, isSure: true };
}

/** The place after a string's closing quotes; null: it has none. */
function stringEnd(source: string, start: number, quote: string): number | null {
  const isLong = source.startsWith(quote.repeat(3), start);
  const closing = isLong ? quote.repeat(3) : quote;
  for (let at = start + closing.length; at < source.length; at += 1) {
    const character = source[at];
    if (character === '\\') {
      at += source[at + 1] === '\r' && source[at + 2] === '\n' ? 2 : 1;
    } else if (character === '\n' && !isLong) {
      return null;
    } else if (character === quote && source.startsWith(closing, at)) {
      return at + closing.length;
    }
  }
  return null;
}

function isFormatted(source: string, start: number): boolean {
  const prefix = /[A-Za-z]{0,2}$/.exec(source.slice(Math.max(0, start - 2), start))?.[0] ?? '';
  return /[ft]/i.test(prefix);
}

function countLines(source: string, from: number, to: number): number {
  let count = 0;
  for (
    let at = source.indexOf('\n', from);
    at !== -1 && at < to;
    at = source.indexOf('\n', at + 1)
  ) {
    count += 1;
  }
  return count;
}
