import type { SyntaxNode } from '@lezer/common';
import { argumentsOf, constantText } from './call-facts';
import { nodeText } from './node-text';

/** Calls that give the path they are given, as far as the folder is concerned. */
const SAME = /^(?:str|(?:os\.)?fspath|(?:os\.)?path\.(?:abspath|realpath|normpath))$/;
const JOINED = /^(?:(?:os\.)?path\.join|(?:pathlib\.)?(?:Pure)?(?:Posix)?Path)$/;
const HERE = /^(?:os\.getcwd|(?:pathlib\.)?Path\.cwd)$/;
const MOST_CHARACTERS = 4096;
const SAME_METHOD = /^(?:resolve|absolute|as_posix|__str__)$/;

/**
 * The path that an expression gives, relative to the working directory, when its text tells:
 * constants, `os.path.join`, `Path(…) / …`, `.resolve()` and their like. Names stand for what
 * `assigned` gives. Null for everything else.
 */
export function pathText(
  node: SyntaxNode,
  source: string,
  assigned: ReadonlyMap<string, string | null>
): string | null {
  const read = (part: SyntaxNode | null | undefined): string | null =>
    part ? pathText(part, source, assigned) : null;
  switch (node.name) {
    case 'String':
    case 'ContinuedString':
      return constantText(node, source);
    case 'ParenthesizedExpression':
      return read(node.firstChild?.nextSibling);
    case 'VariableName':
      return assigned.get(nodeText(node, source)) ?? null;
    case 'BinaryExpression': {
      const operator = node.getChild('ArithOp');
      const isJoin = operator !== null && nodeText(operator, source) === '/';
      return isJoin ? join([read(node.firstChild), read(node.lastChild)]) : null;
    }
    case 'MemberExpression':
      return nodeText(node.lastChild ?? node, source) === 'parent'
        ? join([read(node.firstChild), '..'])
        : null;
    case 'CallExpression':
      return ofCall(node, source, read);
    default:
      return null;
  }
}

function ofCall(
  call: SyntaxNode,
  source: string,
  read: (part: SyntaxNode | null | undefined) => string | null
): string | null {
  const callee = call.firstChild;
  const groups = argumentsOf(call);
  if (callee === null || groups.some(group => group.length !== 1)) {
    return null;
  }
  const words = nodeText(callee, source).replace(/\s+/g, '');
  const given = groups.map(group => read(group[0]));
  if (HERE.test(words)) {
    return '.';
  }
  if (SAME.test(words)) {
    return given.length === 1 ? (given[0] ?? null) : null;
  }
  if (JOINED.test(words)) {
    return join(given);
  }
  const method = nodeText(callee.lastChild ?? callee, source);
  if (callee.name !== 'MemberExpression') {
    return null;
  }
  const holder = read(callee.firstChild);
  if (method === 'joinpath') {
    return join([holder, ...given]);
  }
  return SAME_METHOD.test(method) && given.length === 0 ? holder : null;
}

function join(parts: readonly (string | null)[]): string | null {
  let path = '';
  for (const part of parts) {
    // Longer than any path: a name that was joined to itself again and again.
    if (part === null || path.length > MOST_CHARACTERS) {
      return null;
    }
    path = part.startsWith('/') || path === '' ? part : `${path}/${part}`;
  }
  return path === '' ? '.' : path;
}
