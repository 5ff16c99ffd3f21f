/** What a command of a shell names: words, the folder that `cd` led to, and what is written. */
export type ShellWord = {
  text: string;
  /** Whether a shell would expand it: it has `*`, `?` or `[` outside quotes. */
  isPattern: boolean;
  isWritten: boolean;
  /** The folder, relative to the shell's own, in which the word is meant. */
  folder: string;
};

const SEPARATORS = new Set([';', '|', '&', '&&', '||', '(', ')']);
const REMOVERS = /^(?:rm|mkdir|rmdir|touch|tee|unlink)$/;
const SILENT = /^(?:echo|printf|export|kill|sleep|module|which|pip|conda|type)$/;

type Token = { text: string; isPattern: boolean; isOperator: boolean };

/** The words of a command that may name files. */
export function shellWords(command: string): ShellWord[] {
  const words: ShellWord[] = [];
  let folder = '';
  let program: string | null = null;
  let isTarget = false;
  for (const { text, isPattern, isOperator } of tokensOf(command)) {
    if (isOperator) {
      isTarget = text.includes('>');
      program = SEPARATORS.has(text) ? null : program;
    } else if (isTarget) {
      words.push({ text, isPattern: false, isWritten: true, folder });
      isTarget = false;
    } else if (program === null && !/^\w+=/.test(text)) {
      program = text;
      words.push({ text, isPattern, isWritten: false, folder });
    } else if (program === 'cd') {
      folder = text.startsWith('/') || folder === '' ? text : `${folder}/${text}`;
    } else if (!SILENT.test(program ?? '') || text.endsWith('.txt')) {
      const isWritten = REMOVERS.test(program ?? '');
      words.push(...variants(text).map(each => ({ text: each, isPattern, isWritten, folder })));
    }
  }
  return words;
}

/** `--in=data/x.csv` also names what follows the sign. */
function variants(text: string): string[] {
  const value = /^-{1,2}[\w-]+=(.+)$/.exec(text)?.[1] ?? /^\w+=(.+)$/.exec(text)?.[1];
  return value === undefined ? [text] : [value, text];
}

function tokensOf(command: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s+|(#.*)|(\d?>>?&?\d?|&>|<<?<?|&&|\|\||[;|&()])|((?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s;|&()<>"'\\])+)|[\s\S]/g;
  for (const [, comment, operator, word] of command.matchAll(pattern)) {
    if (comment !== undefined) {
      break;
    }
    if (operator !== undefined) {
      tokens.push({ text: operator, isPattern: false, isOperator: true });
    } else if (word !== undefined) {
      tokens.push({ ...unquoted(word), isOperator: false });
    }
  }
  return tokens;
}

function unquoted(word: string): { text: string; isPattern: boolean } {
  let isPattern = false;
  const text = word.replace(
    /"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|\\([\s\S])|([*?[])/g,
    (whole: string, double?: string, single?: string, escaped?: string) => {
      if (double !== undefined) {
        return double.replace(/\\(["\\$`])/g, '$1');
      }
      if (single !== undefined || escaped !== undefined) {
        return single ?? escaped ?? '';
      }
      isPattern = true;
      return whole;
    }
  );
  return { text, isPattern };
}
