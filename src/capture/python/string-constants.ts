import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { callFacts, constantText } from './call-facts';
import { lineFinder } from './line-finder';
import { nodeText } from './node-text';

export type StringConstant = { text: string; line: number };

/** Calls that only write what their path names. */
const WRITERS =
  /(?:^|\.)(?:to_\w+|save\w*|dump\w*|imsave|imwrite|write_\w+|mkdir|makedirs|touch|unlink|remove)$/;

const OPENERS = /(?:^|\.)open$/;

/** The constant strings of a source, but for those that name only what the source writes. */
export function stringConstants(source: string): StringConstant[] {
  const constants: StringConstant[] = [];
  const lineAt = lineFinder(source);
  parser.parse(source).iterate({
    enter: ref => {
      if (ref.name !== 'String' && ref.name !== 'ContinuedString') {
        return true;
      }
      const text = constantText(ref.node, source);
      if (text !== null && !isOnlyWritten(ref.node, source)) {
        constants.push({ text, line: lineAt(ref.from) });
      }
      return false;
    }
  });
  return constants;
}

function isOnlyWritten(node: SyntaxNode, source: string): boolean {
  const call = node.parent?.name === 'ArgList' ? node.parent.parent : null;
  if (call?.name !== 'CallExpression') {
    return false;
  }
  const { callee, constants, keywords } = callFacts(call, source);
  if (OPENERS.test(callee)) {
    return isWriteMode(
      keywords.get('mode') ?? constants[callee === 'open' || constants.length > 1 ? 1 : 0]
    );
  }
  return WRITERS.test(callee) || isWrittenPath(call, source);
}

/** `Path("x").write_text(…)`, `Path("x").open("w")`. */
function isWrittenPath(call: SyntaxNode, source: string): boolean {
  const member = call.parent;
  const outer = member?.parent;
  if (member?.name !== 'MemberExpression' || outer?.name !== 'CallExpression') {
    return false;
  }
  const method = member.lastChild ? nodeText(member.lastChild, source) : '';
  if (method === 'open') {
    const { constants, keywords } = callFacts(outer, source);
    return isWriteMode(keywords.get('mode') ?? constants[0]);
  }
  return WRITERS.test(method);
}

function isWriteMode(mode: string | undefined): boolean {
  return mode !== undefined && /^[bt]?[wx][bt]?$/.test(mode);
}
