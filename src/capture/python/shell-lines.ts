import type { Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { HOLE, type PathExpression, textOf } from './path-expression';
import type { PathUse } from './path-facts';
import { readPath } from './read-path';

/** Cell magics whose body is of a shell. */
const SHELL_CELL = /^%%(?:bash|sh|script|system|sx|!)\b|^%%script\s+(?:ba|z|da)?sh\b/;
const WRITE_CELL = /^%%(?:writefile|file)\s+(?:-a\s+)?(.+?)\s*$/;
/** Magics before which a shell's line may stand, and those that hand their line to a program. */
const SHELL_LINE = /^\s*(?:[\w.[\]'", *]+=\s*)?(?:!!?|%(?:sx|system|pip|conda|uv)\s)(.*)$/;
const ENTER_LINE = /^\s*%cd\s+(?:-q\s+)?(\S.*?)\s*$/;
const RUN_LINE = /^\s*%run\s+(.*)$/;

/** What the magics and shell lines of a cell do with files. */
export function shellUses(source: string, tree: Tree): PathUse[] {
  const lines = joinContinued(source.split('\n'));
  const first = lines.findIndex(({ text }) => /^\s*%%/.test(text));
  const uses: PathUse[] = [];
  let isShell = false;
  for (const { text, line, place } of lines.slice(Math.max(first, 0))) {
    const words = text.trim();
    if (words.startsWith('%%') && !isShell) {
      isShell = SHELL_CELL.test(words);
      const written = WRITE_CELL.exec(words)?.[1];
      if (written !== undefined) {
        const path = interpolated(written.replace(/^(["'])(.*)\1$/, '$2'));
        return [...uses, { path, line, use: 'written', isSure: true }];
      }
    } else if (isShell) {
      uses.push({ path: textOf(text), line, use: 'shell' });
    } else if (!isInString(tree, place + (text.length - text.trimStart().length))) {
      uses.push(...lineUse(text, line));
    }
  }
  return uses;
}

function lineUse(text: string, line: number): PathUse[] {
  const script = RUN_LINE.exec(text)?.[1];
  if (script !== undefined) {
    return runUse(script, line);
  }
  const folder = ENTER_LINE.exec(text)?.[1];
  if (folder !== undefined) {
    return [{ path: interpolated(folder.replace(/^(["'])(.*)\1$/, '$2')), line, use: 'entered' }];
  }
  const command = SHELL_LINE.exec(text)?.[1];
  return command === undefined ? [] : [{ path: interpolated(command), line, use: 'shell' }];
}

/** `%run -i "my script.py" data.csv`: the options of `%run` take values only after `-m`, `-t`, `-N`. */
function runUse(words: string, line: number): PathUse[] {
  const match = /^((?:-[a-zA-Z](?:\s*\d+)?\s+)*)("[^"]*"|'[^']*'|\S+)(.*)$/.exec(words);
  if (!match || /-m\b/.test(match[1] ?? '')) {
    return [];
  }
  const script = (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2');
  const names = script.endsWith('.py') || script.endsWith('.ipynb') ? [script] : [`${script}.py`];
  const rest = (match[3] ?? '').trim();
  const uses: PathUse[] = names.map(name => ({ path: interpolated(name), line, use: 'read' }));
  return rest === '' ? uses : [...uses, { path: interpolated(`: ${rest}`), line, use: 'shell' }];
}

/** A line with what Python puts into it: `{name}`, `{expression}`, `$name`. */
function interpolated(text: string): PathExpression {
  const parts: PathExpression[] = [];
  let end = 0;
  const places = /\{\{|\}\}|\{([^{}]+)\}|\$\$|\$(\w+)/g;
  for (const match of text.matchAll(places)) {
    parts.push(textOf(text.slice(end, match.index)));
    parts.push(ofPlace(match));
    end = match.index + match[0].length;
  }
  parts.push(textOf(text.slice(end)));
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'sum', parts };
}

function ofPlace([whole, expression, name]: RegExpMatchArray): PathExpression {
  if (whole === '{{' || whole === '}}' || whole === '$$') {
    return textOf(whole.slice(1));
  }
  if (name !== undefined) {
    return name === 'HOME' ? { kind: 'home' } : { kind: 'name', name };
  }
  const source = expression ?? '';
  const node = parser.parse(source).topNode.firstChild?.firstChild;
  return readPath(node, { source, holes: [], depth: 0 }) ?? HOLE;
}

function isInString(tree: Tree, place: number): boolean {
  const { name } = tree.resolveInner(place, 1);
  return name === 'String' || name === 'FormatString';
}

type Line = { text: string; line: number; place: number };

/** Lines that end with a backslash go on. */
function joinContinued(lines: readonly string[]): Line[] {
  const joined: Line[] = [];
  let place = 0;
  let isRest = false;
  lines.forEach((text, index) => {
    const last = joined.at(-1);
    const isMagic = isRest || /^\s*(?:[\w.[\]'", *]+=\s*)?[!%]/.test(text);
    if (isRest && last) {
      last.text = `${last.text.slice(0, -1)} ${text}`;
    } else {
      joined.push({ text, line: index + 1, place });
    }
    isRest = isMagic && text.endsWith('\\');
    place += text.length + 1;
  });
  return joined;
}
