import type { SyntaxNode } from '@lezer/common';
import { argumentAt } from './call-arguments';
import type { PathExpression } from './path-expression';
import type { SearchPathEdit } from './source-imports';
import type { SourceReader } from './source-reader';

/** `sys.path.append(…)` and its like. */
export function readPathCallEdit(
  node: SyntaxNode,
  callee: string,
  reader: SourceReader
): SearchPathEdit[] {
  const at = (position: number): SyntaxNode | null => argumentAt(node, position, '', reader.source);
  switch (
    /^(?:(?:sys\.)?path\.(append|insert|extend)|site\.(addsitedir))$/
      .exec(callee)
      ?.slice(1)
      .join('')
  ) {
    case 'append':
    case 'extend':
    case 'addsitedir':
      return editsOf(at(0), false, node, reader);
    case 'insert':
      return editsOf(at(1), true, node, reader);
    default:
      return [];
  }
}

const SEARCH_PATH = /^sys\.path(?:\[.*\])?$/;

/** `sys.path += […]`, `sys.path[:0] = […]`, `sys.path = […] + sys.path` */
export function readPathAssignment(node: SyntaxNode, reader: SourceReader): SearchPathEdit[] {
  const [target, value] = [node.firstChild, node.lastChild];
  if (target?.name !== 'MemberExpression' || !value) {
    return [];
  }
  if (!SEARCH_PATH.test(reader.text(target).replace(/\s+/g, ''))) {
    return [];
  }
  const isAdded = node.name === 'UpdateStatement';
  const lists: { list: SyntaxNode; isFirst: boolean }[] = [];
  let isFirst = !isAdded;
  for (const operand of summands(value)) {
    if (SEARCH_PATH.test(reader.text(operand).replace(/\s+/g, ''))) {
      isFirst = false;
    } else {
      lists.push({ list: operand, isFirst });
    }
  }
  return lists.flatMap(each => editsOf(each.list, each.isFirst, node, reader));
}

function summands(node: SyntaxNode): SyntaxNode[] {
  const operands: SyntaxNode[] = [];
  let rest: SyntaxNode | null = node;
  while (rest?.name === 'BinaryExpression') {
    if (rest.lastChild) {
      operands.unshift(rest.lastChild);
    }
    rest = rest.firstChild;
  }
  return rest ? [rest, ...operands] : operands;
}

function editsOf(
  value: SyntaxNode | null,
  isFirst: boolean,
  node: SyntaxNode,
  reader: SourceReader
): SearchPathEdit[] {
  const folder = reader.expression(value);
  const { isMain } = reader.where(node);
  const folders: PathExpression[] = folder?.kind === 'any' ? folder.of : folder ? [folder] : [];
  return folders.map(each => ({ folder: each, isFirst, isMain }));
}
