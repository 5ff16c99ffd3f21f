import type { SyntaxNode } from '@lezer/common';
import { argumentsOf, constantText } from './call-facts';
import { nodeText } from './node-text';
import { anyOf, HOLE, type PathExpression, textOf } from './path-expression';
import { dotted, type PathReader, readPart, readPath } from './read-path';

/** Calls that give the path they are given, as far as the folder is concerned. */
const SAME =
  /^(?:str|repr|sorted|list|tuple|set|reversed|(?:os\.)?fs(?:path|encode|decode)|(?:[\w.]+\.)?(?:abspath|realpath|normpath|normcase))$/;
const PATH = /^(?:[\w.]+\.)?(?:Pure)?(?:Posix)?Path$/;
/** `os.path.join` under any name; a text's own `join` takes one argument. */
const JOINED = /^(?:[\w.]+[._])?p?join$/;
const HERE = /^(?:os\.getcwdb?|(?:pathlib\.)?Path\.cwd|getcwd)$/;
const HOME = /^(?:pathlib\.)?Path\.home$/;
const PARENT = /^(?:(?:os\.)?path\.)?dirname$/;
const BASE = /^(?:(?:os\.)?path\.)?basename$/;
const EXPANDED = /^(?:(?:os\.)?path\.)?expand(?:user|vars)$/;
const PACKAGE = /^(?:(?:importlib\.)?(?:resources|importlib_resources)\.)?files$/;
const IN_PACKAGE =
  /(?:^|\.)(?:open_text|open_binary|read_binary|get_data|resource_(?:filename|stream|string|listdir))$|(?:^|\.)resources\.(?:path|read_text|is_resource|contents)$/;
const PLACE = /^sluice\.path$/;
const VARIABLE = /^(?:os\.)?(?:environ\.get|getenv)$/;
const SAME_METHOD =
  /^(?:resolve|absolute|as_posix|as_uri|expanduser|__str__|__fspath__|strip|rstrip|lstrip|copy|items|values|keys)$/;
const TEMPORARY = /(?:^|\.)(?:mkdtemp|mkstemp|gettempdir|TemporaryDirectory|NamedTemporaryFile)$/;

/** The last words of all calls that are told apart: most calls are none of them. */
const GIVING =
  /(?:^|\.)(?:str|repr|sorted|list|tuple|set|reversed|fs\w+|\w*path|normcase|p?join|\w*Path|getcwdb?|cwd|home|dirname|basename|expand\w+|files|open_text|open_binary|read_binary|get_data|resource_\w+|read_text|is_resource|contents|get|getenv|resolve|absolute|as_\w+|strip|rstrip|lstrip|copy|items|values|keys|mkdtemp|mkstemp|gettempdir|TemporaryDirectory|NamedTemporaryFile|range|enumerate|zip|format|joinpath|with_\w+|__str__|__fspath__)$|_join$/;

type Given = { call: SyntaxNode; words: string; positional: SyntaxNode[]; reader: PathReader };

/** What the path is that a call gives; null: it gives none that the text tells. */
export function readPathCall(call: SyntaxNode, reader: PathReader): PathExpression | null {
  const callee = call.firstChild;
  if (!callee) {
    return null;
  }
  const words = nodeText(callee, reader.source).replace(/\s+/g, '');
  if (!GIVING.test(words)) {
    return ofOwn(callee, reader);
  }
  const groups = argumentsOf(call);
  const positional = groups.filter(group => group.length === 1).flatMap(group => group);
  const given = { call, words, positional, reader };
  return ofFunction(given) ?? ofMethod(callee, given) ?? ofOwn(callee, reader);
}

function ofFunction({ call, words, positional, reader }: Given): PathExpression | null {
  const [first, second] = positional;
  if (TEMPORARY.test(words)) {
    // A folder of its own: nothing that is here now.
    return anyOf([]);
  }
  const all = (): PathExpression[] => positional.map(node => readPart(node, reader));
  if (HERE.test(words)) {
    return { kind: 'cwd' };
  }
  if (HOME.test(words)) {
    return { kind: 'home' };
  }
  const starred = argumentsOf(call).some(isStarred);
  if (PATH.test(words) || (JOINED.test(words) && (positional.length > 1 || starred))) {
    const parts = starred ? readStarred(call, reader) : all();
    return parts.length === 0 ? { kind: 'cwd' } : { kind: 'join', parts };
  }
  if (words === 'range') {
    return readRange(positional, reader.source);
  }
  if (words === 'enumerate' || words === 'zip') {
    return null;
  }
  if (VARIABLE.test(words)) {
    const name = first ? constantText(first, reader.source) : null;
    return name === 'HOME' ? { kind: 'home' } : second ? readPath(second, reader) : HOLE;
  }
  if (!first) {
    return PACKAGE.test(words) ? { kind: 'package', of: textOf('') } : null;
  }
  if (IN_PACKAGE.test(words) && (second || words.endsWith('contents'))) {
    const folder: PathExpression = { kind: 'package', of: readPart(first, reader) };
    return { kind: 'join', parts: [folder, ...all().slice(1)] };
  }
  return ofOne(words, first, reader);
}

/** `Path(*parts, "x.csv")`: how many parts a list has, and which, only the run tells. */
function readStarred(call: SyntaxNode, reader: PathReader): PathExpression[] {
  return argumentsOf(call)
    .filter(group => group.length === 1 || isStarred(group))
    .flatMap(group =>
      isStarred(group) ? readSpread(group[1], reader) : [readPart(group[0], reader)]
    );
}

/** `*["data", name]`: a list in its place has its own parts. */
function readSpread(list: SyntaxNode | undefined, reader: PathReader): PathExpression[] {
  if (list?.name !== 'ArrayExpression' && list?.name !== 'TupleExpression') {
    return [HOLE];
  }
  const parts: PathExpression[] = [];
  for (let node = list.firstChild; node; node = node.nextSibling) {
    if (!/^[[\](),]$|^Comment$/.test(node.name)) {
      parts.push(readPart(node, reader));
    }
  }
  return parts;
}

function isStarred([sign, ...rest]: readonly SyntaxNode[]): boolean {
  return (sign?.name === '*' || sign?.name === '**') && rest.length === 1;
}

function ofOne(words: string, first: SyntaxNode, reader: PathReader): PathExpression | null {
  if (SAME.test(words)) {
    return readPath(first, reader);
  }
  if (PARENT.test(words)) {
    return { kind: 'up', of: readPart(first, reader), levels: 1 };
  }
  if (BASE.test(words)) {
    return { kind: 'part', of: readPart(first, reader), part: 'name' };
  }
  if (EXPANDED.test(words)) {
    return { kind: 'expand', of: readPart(first, reader) };
  }
  if (PACKAGE.test(words)) {
    return { kind: 'package', of: readPart(first, reader) };
  }
  return PLACE.test(words) ? { kind: 'place', of: readPart(first, reader) } : null;
}

function ofMethod(callee: SyntaxNode, { words, positional, reader }: Given): PathExpression | null {
  if (callee.name !== 'MemberExpression' || !callee.firstChild || !callee.lastChild) {
    return null;
  }
  const method = nodeText(callee.lastChild, reader.source);
  const holder = callee.firstChild;
  const first = positional[0];
  if (method === 'format') {
    return readTemplate(holder, positional, reader);
  }
  if (method === 'joinpath' && !words.startsWith('os.')) {
    const parts = [holder, ...positional].map(node => readPart(node, reader));
    return { kind: 'join', parts };
  }
  if (SAME_METHOD.test(method)) {
    const of = readPath(holder, reader);
    return of && (method === 'expanduser' ? { kind: 'expand', of } : of);
  }
  const changed = /^with_(name|stem|suffix)$/.exec(method)?.[1];
  if (changed !== undefined && first) {
    const part = changed === 'name' ? 'name' : changed === 'stem' ? 'stem' : 'suffix';
    return { kind: 'with', of: readPart(holder, reader), part, to: readPart(first, reader) };
  }
  return null;
}

/** What a function gives that the sources define: known by its name. */
function ofOwn(callee: SyntaxNode, reader: PathReader): PathExpression | null {
  const name = callee.name === 'CallExpression' ? null : dotted(callee, reader.source);
  return name === null ? null : { kind: 'name', name: `${name}()` };
}

/** `"data/{}.csv".format(name)`; keywords are holes. */
function readTemplate(
  holder: SyntaxNode,
  values: readonly SyntaxNode[],
  reader: PathReader
): PathExpression | null {
  const template = constantText(holder, reader.source);
  if (template === null) {
    return null;
  }
  const parts: PathExpression[] = [];
  let end = 0;
  let next = 0;
  for (const match of template.matchAll(/\{\{|\}\}|\{([^{}:!]*)(?:![rsa])?(?::([^{}]*))?\}/g)) {
    parts.push(textOf(template.slice(end, match.index)));
    end = match.index + match[0].length;
    if (match[0] === '{{' || match[0] === '}}') {
      parts.push(textOf(match[0].slice(1)));
      continue;
    }
    const field = match[1] ?? '';
    const index = field === '' ? next++ : Number(field);
    const of = Number.isInteger(index) ? readPart(values[index], reader) : HOLE;
    parts.push(match[2] ? { kind: 'format', of, spec: match[2] } : of);
  }
  return { kind: 'sum', parts: [...parts, textOf(template.slice(end))] };
}

function readRange(values: readonly SyntaxNode[], source: string): PathExpression | null {
  const numbers = values.map(node => Number(nodeText(node, source)));
  if (numbers.length === 0 || numbers.some(number => !Number.isSafeInteger(number))) {
    return HOLE;
  }
  const [from = 0, to = 0, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  return step === 0 ? HOLE : { kind: 'range', from, to, step };
}
