import type { SyntaxNode } from '@lezer/common';
import { constantText } from './call-facts';
import { type CallWords, callUse } from './call-use';
import { nodeText } from './node-text';

/** What a source does with a path. */
export type PathUseKind =
  | 'read'
  | 'written'
  /** Gone on with: what is there is needed. */
  | 'appended'
  /** A folder that the process goes to. */
  | 'entered'
  /** Given to something that may read it. */
  | 'unknown'
  /** Only bound to a name: what else is done with it tells. */
  | 'assigned'
  /** A folder whose names are asked for: the files in it. */
  | 'listed'
  /** A folder that is read with all below it. */
  | 'tree'
  /** A pattern of `glob`, or of a folder's own `glob`. */
  | 'glob'
  /** The text of a shell's command. */
  | 'shell'
  /** No path at all: a message, a heading, something compared. */
  | 'ignored';

/** Nodes through which a value goes unchanged. */
const THROUGH = new Set([
  'ParenthesizedExpression',
  'ArrayExpression',
  'TupleExpression',
  'SetExpression',
  'DictionaryExpression',
  'ConditionalExpression',
  'NamedExpression',
  'AwaitExpression',
  'ArrayComprehensionExpression',
  'ComprehensionExpression',
  'SetComprehensionExpression',
  'DictionaryComprehensionExpression'
]);

const BOUND = new Set(['AssignStatement', 'UpdateStatement', 'ReturnStatement', 'ParamList']);

const SILENT = new Set(['ExpressionStatement', 'RaiseStatement', 'AssertStatement']);

/** What the expression around a path does with it. */
export function pathUse(node: SyntaxNode, source: string): PathUseKind {
  let inner = node;
  for (let outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.name === 'ArgList') {
      return outer.parent ? argumentUse(outer.parent, inner, source) : 'unknown';
    }
    if (!THROUGH.has(outer.name)) {
      return outerUse(outer, inner, source);
    }
  }
  return 'unknown';
}

function outerUse(outer: SyntaxNode, inner: SyntaxNode, source: string): PathUseKind {
  if (outer.name === 'MemberExpression') {
    return memberUse(outer, inner, source);
  }
  if (BOUND.has(outer.name) || outer.name === 'ForStatement') {
    return 'assigned';
  }
  if (SILENT.has(outer.name)) {
    return outer.name === 'ExpressionStatement' && !/String$/.test(inner.name)
      ? 'unknown'
      : 'ignored';
  }
  return outer.name === 'BinaryExpression' && isComparison(outer, source) ? 'ignored' : 'unknown';
}

function isComparison(node: SyntaxNode, source: string): boolean {
  const operator = node.firstChild?.nextSibling;
  if (!operator) {
    return false;
  }
  return operator.name === 'CompareOp' || /^(?:in|not|is)$/.test(nodeText(operator, source));
}

/** A method of the path itself; an index is none. */
function memberUse(member: SyntaxNode, inner: SyntaxNode, source: string): PathUseKind {
  if (inner.from !== member.firstChild?.from) {
    return 'ignored';
  }
  const call = member.parent;
  if (call?.name !== 'CallExpression' || call.firstChild?.from !== member.from) {
    return 'unknown';
  }
  return methodUse(call, source);
}

/** What a call of a path's own method does with the path. */
export function methodUse(call: SyntaxNode, source: string): PathUseKind {
  const words = wordsOf(call, source);
  const { last } = words;
  if (/^(?:write_text|write_bytes|touch|unlink|mkdir|rmdir)$/.test(last)) {
    return 'written';
  }
  if (last === 'open') {
    return callUse({ ...words, callee: 'open', isMethod: true }, 0, null);
  }
  if (/^r?glob$/.test(last)) {
    return 'glob';
  }
  if (last === 'iterdir') {
    return 'listed';
  }
  if (last === 'walk') {
    return 'tree';
  }
  return /^(?:read_text|read_bytes)$/.test(last)
    ? 'read'
    : /^(?:startswith|endswith|split|rsplit|encode|count|find|title|upper|lower)$/.test(last)
      ? 'ignored'
      : 'unknown';
}

function argumentUse(call: SyntaxNode, inner: SyntaxNode, source: string): PathUseKind {
  if (call.name !== 'CallExpression') {
    return 'unknown';
  }
  const { position, keyword } = placeOf(inner, source);
  const isInList = /^(?:Array|Tuple)Expression$/.test(inner.name);
  const use = callUse(wordsOf(call, source), position, keyword);
  return isInList && use === 'shell' ? 'unknown' : use;
}

/** No call that is known takes a path further back. */
const MOST_POSITIONS = 50;

/** The position of an argument among those without a name, or its name. */
function placeOf(inner: SyntaxNode, source: string): { position: number; keyword: string | null } {
  const operator = inner.prevSibling;
  if (operator?.name === 'AssignOp' && operator.prevSibling) {
    return { position: -1, keyword: nodeText(operator.prevSibling, source) };
  }
  // From the front: a tree finds the node before another only by going through all before it.
  let position = 0;
  for (
    let node = inner.parent?.firstChild ?? null;
    node && node.from < inner.from && position < MOST_POSITIONS;
    node = node.nextSibling
  ) {
    position += node.name === ',' ? 1 : 0;
  }
  return { position, keyword: null };
}

/** A call's words: what is called, and those of its arguments that are constant. */
export function wordsOf(call: SyntaxNode, source: string): CallWords {
  const callee = call.firstChild;
  const text = callee ? nodeText(callee, source).replace(/\s+/g, '') : '';
  const last = callee?.name === 'MemberExpression' && callee.lastChild ? callee.lastChild : callee;
  return {
    callee: text,
    last: last ? nodeText(last, source) : '',
    isMethod: callee?.name === 'MemberExpression',
    constant: (position, keyword) => constantArgument(call, source, position, keyword)
  };
}

function constantArgument(
  call: SyntaxNode,
  source: string,
  position: number,
  keyword: string
): string | null | undefined {
  const list = call.getChild('ArgList');
  let at = 0;
  for (let node = list?.firstChild?.nextSibling ?? null; node; node = node.nextSibling) {
    if (node.name === ',') {
      at += 1;
    } else if (node.nextSibling?.name === 'AssignOp') {
      const value = node.nextSibling.nextSibling;
      if (nodeText(node, source) === keyword) {
        return value ? constantText(value, source) : null;
      }
    } else if (at === position && node.prevSibling?.name !== 'AssignOp' && node.name !== ')') {
      return node.name === 'AssignOp' ? undefined : constantText(node, source);
    }
  }
  return undefined;
}
