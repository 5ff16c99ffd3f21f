import type { SyntaxNode } from '@lezer/common';

/** The source of a node. */
export function nodeText(node: SyntaxNode, source: string): string {
  return source.slice(node.from, node.to);
}
