import type { SyntaxNode } from '@lezer/common';
import { argumentsOf, constantText } from './call-facts';
import { nodeText } from './node-text';

/** The argument of a call at a position, or given by keyword. */
export function argumentAt(
  call: SyntaxNode,
  position: number,
  keyword: string,
  source: string
): SyntaxNode | null {
  const groups = argumentsOf(call);
  const named = groups.find(
    ([name, sign]) => sign?.name === 'AssignOp' && name && nodeText(name, source) === keyword
  );
  const group = named ?? groups[position];
  return (named ? group?.[2] : group?.length === 1 ? group[0] : null) ?? null;
}

/** All constant strings in an expression, keys of dicts among them. */
export function constantsIn(node: SyntaxNode, source: string): string[] {
  const found: string[] = [];
  node.cursor().iterate(ref => {
    const text = ref.name === 'String' ? constantText(ref.node, source) : null;
    if (text !== null) {
      found.push(text);
    }
  });
  return found;
}
