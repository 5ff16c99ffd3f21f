import type { SyntaxNode } from '@lezer/common';

/** The source of a node. */
export function nodeText(node: SyntaxNode, source: string): string {
  return source.slice(node.from, node.to);
}

/** The line, from 1, on which a node begins. */
export function lineOf(node: SyntaxNode, source: string): number {
  let line = 1;
  for (
    let at = source.indexOf('\n');
    at !== -1 && at < node.from;
    at = source.indexOf('\n', at + 1)
  ) {
    line += 1;
  }
  return line;
}
