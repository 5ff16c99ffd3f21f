import type { SyntaxNode } from '@lezer/common';
import { unescapeText } from './call-facts';
import { nodeText } from './node-text';
import { type PathExpression, textOf } from './path-expression';
import { type PathReader, readPart } from './read-path';

/** An f-string as the text between its places, and what stands in these. */
export function readFormatString(node: SyntaxNode, reader: PathReader): PathExpression | null {
  const { source } = reader;
  const opening = /^([A-Za-z]*)("""|'''|"|')/.exec(nodeText(node, source));
  if (!opening || !/f/i.test(opening[1] ?? '')) {
    return null;
  }
  const isRaw = /r/i.test(opening[1] ?? '');
  const plain = (from: number, to: number): PathExpression => {
    const text = source.slice(from, to);
    const unescaped = isRaw ? text : unescapeText(text);
    return textOf(unescaped.replace(/\{\{/g, '{').replace(/\}\}/g, '}'));
  };
  const parts: PathExpression[] = [];
  let end = node.from + opening[0].length;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name === 'FormatReplacement') {
      parts.push(plain(end, child.from), readReplacement(child, reader));
      end = child.to;
    }
  }
  parts.push(plain(end, Math.max(end, node.to - (opening[2] ?? '').length)));
  return { kind: 'sum', parts: parts.filter(part => part.kind !== 'text' || part.text !== '') };
}

function readReplacement(node: SyntaxNode, reader: PathReader): PathExpression {
  const value = node.firstChild?.nextSibling;
  const of = readPart(value, reader);
  const format = node.getChild('FormatSpec');
  const spec = format ? nodeText(format, reader.source).slice(1) : '';
  return spec === '' ? of : { kind: 'format', of, spec };
}
