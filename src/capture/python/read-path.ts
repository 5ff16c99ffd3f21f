import type { SyntaxNode } from '@lezer/common';
import { constantText } from './call-facts';
import { nodeText } from './node-text';
import { anyOf, HOLE, type PathExpression, textOf } from './path-expression';
import { readFormatString } from './read-format-string';
import { readPathCall } from './read-path-call';

/** Reads expressions of one source as paths. */
export type PathReader = {
  source: string;
  /** Parts that are no paths: what they are made of may hold paths of its own. */
  holes: SyntaxNode[];
  /** How deep in an expression reading is. */
  depth: number;
};

/** Deeper than people write; a generated sum of a thousand terms is no path. */
const MOST_DEPTH = 40;

const NAMED_PARTS: Readonly<Record<string, string>> = {
  'os.sep': '/',
  'os.path.sep': '/',
  'os.curdir': '.',
  'os.pardir': '..'
};

const NESTED = new Set(['ParenthesizedExpression', 'NamedExpression', 'AwaitExpression']);

const SEQUENCES = new Set(['ArrayExpression', 'TupleExpression', 'SetExpression']);

/** What an expression says of a path; null: nothing. */
export function readPath(
  node: SyntaxNode | null | undefined,
  reader: PathReader
): PathExpression | null {
  if (!node || reader.depth > MOST_DEPTH) {
    return null;
  }
  reader.depth += 1;
  try {
    return readNode(node, reader);
  } finally {
    reader.depth -= 1;
  }
}

/** As `readPath`; what it cannot read is a hole. */
export function readPart(node: SyntaxNode | null | undefined, reader: PathReader): PathExpression {
  const found = readPath(node, reader);
  if (found === null && node) {
    reader.holes.push(node);
  }
  return found ?? HOLE;
}

function readNode(node: SyntaxNode, reader: PathReader): PathExpression | null {
  switch (node.name) {
    case 'String':
    case 'ContinuedString':
    case 'FormatString':
      return readText(node, reader);
    case 'VariableName': {
      const name = nodeText(node, reader.source);
      return name === '__file__' ? { kind: 'file', module: null } : { kind: 'name', name };
    }
    case 'MemberExpression':
      return readMember(node, reader);
    case 'BinaryExpression':
      return readBinary(node, reader);
    case 'CallExpression':
      return readPathCall(node, reader);
    case 'ConditionalExpression':
      return either([node.firstChild, node.lastChild], reader);
    default:
      return NESTED.has(node.name)
        ? readPath(lastOperand(node), reader)
        : readSequence(node, reader);
  }
}

function lastOperand(node: SyntaxNode): SyntaxNode | null {
  const last = node.lastChild;
  return last?.name === ')' ? last.prevSibling : last;
}

/** A list stands for its elements, a comprehension for what it makes. */
function readSequence(node: SyntaxNode, reader: PathReader): PathExpression | null {
  if (node.name.endsWith('ComprehensionExpression')) {
    const first = node.firstChild;
    return readPath(/^[[({]$/.test(first?.name ?? '') ? first?.nextSibling : first, reader);
  }
  return SEQUENCES.has(node.name) ? either(operandsOf(node), reader) : null;
}

/** The elements of a list, a tuple or a set. */
export function operandsOf(node: SyntaxNode): SyntaxNode[] {
  const operands: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!/^(?:[[\](){},:*]|\*\*|Comment)$/.test(child.name)) {
      operands.push(child);
    }
  }
  return operands;
}

function either(nodes: readonly (SyntaxNode | null)[], reader: PathReader): PathExpression | null {
  const found = nodes.map(node => readPath(node, reader)).filter(each => each !== null);
  return found.length === 0 ? null : anyOf(found);
}

function readText(node: SyntaxNode, reader: PathReader): PathExpression | null {
  if (node.name === 'FormatString') {
    return readFormatString(node, reader);
  }
  const text = constantText(node, reader.source);
  if (text !== null) {
    return textOf(text);
  }
  if (node.name !== 'ContinuedString') {
    return null;
  }
  const parts = operandsOf(node).map(part => readPart(part, reader));
  return { kind: 'sum', parts };
}

function readBinary(node: SyntaxNode, reader: PathReader): PathExpression | null {
  const { firstChild: left, lastChild: right } = node;
  const operator = left?.nextSibling ? nodeText(left.nextSibling, reader.source) : '';
  switch (operator) {
    case '/':
      return { kind: 'join', parts: [readPart(left, reader), readPart(right, reader)] };
    case '+':
      return { kind: 'sum', parts: [readPart(left, reader), readPart(right, reader)] };
    case '%':
      return readPercent(left, right, reader);
    case 'or':
      return either([left, right], reader);
    default:
      return null;
  }
}

/** `"data/%s-%03d.csv" % (name, number)` */
function readPercent(
  left: SyntaxNode | null,
  right: SyntaxNode | null,
  reader: PathReader
): PathExpression | null {
  const template = left ? constantText(left, reader.source) : null;
  if (template === null || !right) {
    return null;
  }
  const values = right.name === 'TupleExpression' ? operandsOf(right) : [right];
  const parts: PathExpression[] = [];
  let end = 0;
  for (const match of template.matchAll(/%(?:\(\w+\))?([-+ #0]*\d*(?:\.\d+)?)([%a-zA-Z])/g)) {
    parts.push(textOf(template.slice(end, match.index)));
    end = match.index + match[0].length;
    if (match[2] === '%') {
      parts.push(textOf('%'));
    } else {
      const of = match[0].includes('(') ? HOLE : readPart(values.shift(), reader);
      parts.push(match[1] ? { kind: 'format', of, spec: match[1] + (match[2] ?? '') } : of);
    }
  }
  return { kind: 'sum', parts: [...parts, textOf(template.slice(end))] };
}

function readMember(node: SyntaxNode, reader: PathReader): PathExpression | null {
  const holder = node.firstChild;
  const last = node.lastChild;
  if (!holder || !last) {
    return null;
  }
  if (last.name === ']') {
    return readElement(holder, holder.nextSibling?.nextSibling ?? last, reader);
  }
  const property = nodeText(last, reader.source);
  if (property === 'parent') {
    return { kind: 'up', of: readPart(holder, reader), levels: 1 };
  }
  const words = dotted(node, reader.source);
  if (property === '__file__' && words !== null) {
    return { kind: 'file', module: words.slice(0, -'.__file__'.length) };
  }
  const known = words === null ? undefined : NAMED_PARTS[words];
  if (known !== undefined) {
    return textOf(known);
  }
  if (property === 'name' || property === 'stem' || property === 'suffix') {
    const of = readPath(holder, reader);
    return of && { kind: 'part', of, part: property };
  }
  return words === null ? null : { kind: 'name', name: words };
}

/** `paths['x']`, `paths[0]`, `here.parents[2]`, `os.environ['HOME']`; any other is one of all. */
function readElement(
  holder: SyntaxNode,
  index: SyntaxNode,
  reader: PathReader
): PathExpression | null {
  const { source } = reader;
  const words = nodeText(holder, source).replace(/\s+/g, '');
  if (words.endsWith('.parents') && index.name === 'Number') {
    const levels = Number(nodeText(index, source)) + 1;
    return { kind: 'up', of: readPart(holder.firstChild, reader), levels };
  }
  const key = constantText(index, source);
  if (/(?:^|\.)environ$/.test(words)) {
    return key === 'HOME' ? { kind: 'home' } : HOLE;
  }
  const name = elementName(holder, source);
  if (name === null) {
    return null;
  }
  const written = key === null ? nodeText(index, source) : quoted(key);
  return { kind: 'name', name: `${name}[${written}]` };
}

/** A key as Python's `repr` writes it. */
export function quoted(key: string): string {
  return key.includes("'") && !key.includes('"') ? `"${key}"` : `'${key}'`;
}

/** The name of what can be bound: `a`, `a.b`, `a['x']`; null for anything else. */
export function elementName(node: SyntaxNode, source: string): string | null {
  const plain = dotted(node, source);
  if (plain !== null || node.name !== 'MemberExpression' || node.lastChild?.name !== ']') {
    return plain;
  }
  const [holder, index] = [node.firstChild, node.firstChild?.nextSibling?.nextSibling];
  const name = holder ? elementName(holder, source) : null;
  const key = index ? constantText(index, source) : null;
  return name === null || key === null ? null : `${name}[${quoted(key)}]`;
}

/** `a.b.c` of names only. */
export function dotted(node: SyntaxNode, source: string): string | null {
  const words = nodeText(node, source).replace(/\s+/g, '');
  return /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(words) ? words : null;
}
