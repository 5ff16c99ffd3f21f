import type { SyntaxNode } from '@lezer/common';
import { childrenOf } from './bound-names';
import { constantText } from './call-facts';
import { nodeText } from './node-text';

const HOLDERS = /^(?:Tuple|Array|Dictionary|Set|Parenthesized)Expression$/;
const PATH_CALL = /^(?:pathlib\.)?(?:Pure)?(?:Posix)?Path\(/;

/** The constant texts that a value is made of, where it is plain data or a path. */
export function heldTexts(node: SyntaxNode, source: string): string[] {
  const text = constantText(node, source);
  if (text !== null) {
    return [text];
  }
  if (HOLDERS.test(node.name)) {
    return childrenOf(node).flatMap(child => heldTexts(child, source));
  }
  const list = PATH_CALL.test(nodeText(node, source)) ? node.getChild('ArgList') : null;
  const parts = list === null ? [] : childrenOf(list).filter(child => !/^[(),]$/.test(child.name));
  const texts = parts.flatMap(part => constantText(part, source) ?? []);
  return texts.length > 0 && texts.length === parts.length ? [texts.join('/')] : [];
}
