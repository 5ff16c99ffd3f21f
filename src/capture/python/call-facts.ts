import type { SyntaxNode } from '@lezer/common';
import { nodeText } from './node-text';

/** A call as far as its text tells: constants by position; `undefined` where it is no constant. */
export type CallFacts = {
  /** Such as `sys.path.append`, without blanks. */
  callee: string;
  constants: (string | undefined)[];
  keywords: Map<string, string | undefined>;
};

/** What can be said of a `CallExpression`. */
export function callFacts(call: SyntaxNode, source: string): CallFacts {
  const callee = call.firstChild ? nodeText(call.firstChild, source).replace(/\s+/g, '') : '';
  const facts: CallFacts = { callee, constants: [], keywords: new Map() };
  for (const argument of argumentsOf(call)) {
    const value = argument.at(-1);
    const constant = value ? (constantText(value, source) ?? undefined) : undefined;
    if (argument.length === 3 && argument[1]?.name === 'AssignOp' && argument[0]) {
      facts.keywords.set(nodeText(argument[0], source), constant);
    } else {
      facts.constants.push(argument.length === 1 ? constant : undefined);
    }
  }
  return facts;
}

/** The nodes of each argument of a `CallExpression`. */
export function argumentsOf(call: SyntaxNode): SyntaxNode[][] {
  const groups: SyntaxNode[][] = [[]];
  const list = call.getChild('ArgList');
  for (let node = list?.firstChild ?? null; node; node = node.nextSibling) {
    if (node.name === ',') {
      groups.push([]);
    } else if (node.name !== '(' && node.name !== ')' && node.name !== 'Comment') {
      groups.at(-1)?.push(node);
    }
  }
  return groups.filter(group => group.length > 0);
}

/** The text of a constant string; null for bytes, f-strings and everything else. */
export function constantText(node: SyntaxNode, source: string): string | null {
  if (node.name === 'ContinuedString') {
    const parts: string[] = [];
    for (let part = node.firstChild; part; part = part.nextSibling) {
      const text = constantText(part, source);
      if (text === null) {
        return null;
      }
      parts.push(text);
    }
    return parts.join('');
  }
  return node.name === 'String' ? unquote(nodeText(node, source)) : null;
}

const STRING = /^([A-Za-z]*)("""|'''|"|')([\s\S]*)\2$/;

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': ''
};

function unquote(text: string): string | null {
  const match = STRING.exec(text);
  const prefix = (match?.[1] ?? '').toLowerCase();
  if (!match || prefix.includes('b') || prefix.includes('f') || prefix.includes('t')) {
    return null;
  }
  const body = match[3] ?? '';
  return prefix.includes('r') ? body : unescapeText(body);
}

/** What the escapes in a plain string stand for. */
export function unescapeText(body: string): string {
  const escapes = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;
  return body.replace(
    escapes,
    (whole: string, x?: string, u?: string, long?: string, simple?: string) => {
      const code = parseInt(x ?? u ?? long ?? '', 16);
      if (!Number.isNaN(code)) {
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      }
      return SIMPLE_ESCAPES[simple ?? ''] ?? whole;
    }
  );
}
