import type { SyntaxNode } from '@lezer/common';
import { nodeText } from './node-text';

type Aliases = ReadonlyMap<string, string>;

/** Whether a `Body` runs for type checkers alone: what it imports is not needed. */
export function isTypeCheckingOnly(body: SyntaxNode, source: string, aliases: Aliases): boolean {
  if (body.parent?.name !== 'IfStatement') {
    return false;
  }
  const test = body.prevSibling;
  if (test?.name === 'else') {
    const last = test.prevSibling?.prevSibling;
    return testBefore(last ?? null, source, aliases) === 'never';
  }
  return testBefore(test, source, aliases) === 'checking';
}

/** Whether a `Body` runs only in a script, not when its source is imported. */
export function isMainOnly(body: SyntaxNode, source: string): boolean {
  const test = body.prevSibling;
  if (body.parent?.name !== 'IfStatement' || test?.name !== 'BinaryExpression') {
    return false;
  }
  const words = nodeText(test, source).replace(/\s+/g, '');
  return /^__name__==(["'])__main__\1$/.test(words) || /^(["'])__main__\1==__name__$/.test(words);
}

/** `checking`: true for type checkers alone; `never`: false for them alone. */
function testBefore(
  test: SyntaxNode | null,
  source: string,
  aliases: Aliases
): 'checking' | 'never' | null {
  if (!test || !/^(?:if|elif)$/.test(test.prevSibling?.name ?? '')) {
    return null;
  }
  const words = nodeText(test, source);
  const [, negation, name = ''] = /^(not\s+)?([\w.]+)$/.exec(words) ?? [];
  if (!/(?:^|\.)TYPE_CHECKING$/.test(aliases.get(name) ?? name)) {
    return null;
  }
  return negation === undefined ? 'checking' : 'never';
}

const CAUGHT = /\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/;

/** Whether a source goes on where the import at a node fails. */
export function isOptional(node: SyntaxNode, source: string): boolean {
  for (let part: SyntaxNode | null = node; part.parent; part = part.parent) {
    if (part.name === 'FunctionDefinition' || part.name === 'LambdaExpression') {
      // It fails when the function is called, which is elsewhere.
      return false;
    }
    if (part.name === 'Body' && isForgiving(part, part.parent, source)) {
      return true;
    }
  }
  return false;
}

function isForgiving(body: SyntaxNode, statement: SyntaxNode, source: string): boolean {
  if (statement.name === 'TryStatement') {
    return body.prevSibling?.name === 'try' && catchesImportError(statement, source);
  }
  return statement.name === 'WithStatement' && suppresses(statement, body, source);
}

function catchesImportError(statement: SyntaxNode, source: string): boolean {
  return statement.getChildren('except').some(word => {
    let last = word.nextSibling;
    if (last?.name === 'Body') {
      return true;
    }
    while (last && last.name !== 'Body') {
      last = last.nextSibling;
    }
    return CAUGHT.test(source.slice(word.to, last?.from));
  });
}

function suppresses(statement: SyntaxNode, body: SyntaxNode, source: string): boolean {
  const head = source.slice(statement.from, body.from);
  return /\bsuppress\s*\(/.test(head) && CAUGHT.test(head);
}
