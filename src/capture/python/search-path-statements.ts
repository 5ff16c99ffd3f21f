import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { boundNames, childrenOf } from './bound-names';
import { freeNames } from './free-names';
import { nodeText } from './node-text';

const EDIT = /\bsys\s*\.\s*path\b/;
const DEFINITION = /^(?:Function|Class)Definition$|^DecoratedStatement$/;

/**
 * The statements of a cell that change where modules are looked for, and those above them that make
 * the names which they read; nothing else of the cell, and no import.
 */
export function searchPathStatements(source: string): string[] {
  if (!EDIT.test(source)) {
    return [];
  }
  const kept: SyntaxNode[] = [];
  const wanted = new Set<string>();
  const statements = childrenOf(parser.parse(source).topNode);
  for (const statement of statements.reverse()) {
    const names = boundNames(statement, source);
    const isEdit = EDIT.test(nodeText(statement, source)) && !DEFINITION.test(statement.name);
    if (statement.name !== 'ImportStatement' && (isEdit || names.some(name => wanted.has(name)))) {
      kept.unshift(statement);
      freeNames(statement, source).forEach(name => wanted.add(name));
    }
  }
  return kept.map(statement => nodeText(statement, source));
}
