/** Cell magics whose body is Python that runs in the notebook. */
const PYTHON_CELL_MAGICS = new Set([
  'slurm',
  'time',
  'timeit',
  'capture',
  'prun',
  'memit',
  'mprun',
  'lprun'
]);

/** Line magics that run the rest of their line as Python. */
const PYTHON_LINE_MAGIC = /^(\s*)(%(?:timeit|time|prun|memit|lprun|mprun)\b)/;

const CELL_MAGIC = /^%%([\w.]+)/;
const LINE_MAGIC = /^\s*(?:[%!]|\?+\s*[\w%*])/;
const ASSIGNED_MAGIC = /^(\s*[\w.[\]'", *]+=\s*)[%!](?=[\w!/.~$({"' ])/;
const HELP_SUFFIX = /^\s*%{0,2}[\w.*]+\?{1,2}\s*$/;

/**
 * A cell's source with magics and shell lines made harmless: the text has the same length and the
 * same lines, so that places in it are those of the cell. A cell in another language is all blank.
 */
export function blankMagics(source: string): string {
  const lines = source.split('\n');
  const first = lines.findIndex(line => line.trim() !== '');
  const magic = CELL_MAGIC.exec(lines[first]?.trimStart() ?? '');
  if (magic && !PYTHON_CELL_MAGICS.has(magic[1] ?? '')) {
    return lines.map(blank).join('\n');
  }
  if (magic) {
    const body = blankMagics(lines.slice(first + 1).join('\n'));
    return [
      ...lines.slice(0, first + 1).map(blank),
      ...(first + 1 < lines.length ? [body] : [])
    ].join('\n');
  }
  return blankLines(lines).join('\n');
}

function blankLines(lines: readonly string[]): string[] {
  let continues = false;
  return lines.map(line => {
    const isRest = continues;
    const plain = isRest ? blank(line) : blankLine(line);
    continues = plain !== line && line.endsWith('\\');
    return plain;
  });
}

function blankLine(line: string): string {
  const python = PYTHON_LINE_MAGIC.exec(line);
  if (python) {
    const [whole, indent = '', word = ''] = python;
    return `${indent}${fill('pass;', word.length)}${line.slice(whole.length)}`;
  }
  if (LINE_MAGIC.test(line) || HELP_SUFFIX.test(line)) {
    const indent = line.slice(0, line.length - line.trimStart().length);
    return indent + fill('pass', line.length - indent.length);
  }
  const kept = ASSIGNED_MAGIC.exec(line)?.[1];
  return kept === undefined ? line : kept + fill('0', line.length - kept.length);
}

/** A statement in the magic's place keeps a block that holds nothing else whole. */
function fill(word: string, length: number): string {
  return word.length <= length ? word.padEnd(length) : ' '.repeat(length);
}

function blank(line: string): string {
  return ' '.repeat(line.length);
}
