import type { SyntaxNode } from '@lezer/common';
import { nodeText } from './node-text';

/** A module that a statement names, and the names it takes from it. */
export type ImportNamed = { level: number; module: string; names: string[] | null };

/** A name that a statement binds, and what it stands for, dotted. */
export type ImportAlias = { name: string; meaning: string };

/** Read an `ImportStatement`, whole or broken. */
export function readImportStatement(
  node: SyntaxNode,
  source: string
): { named: ImportNamed[]; aliases: ImportAlias[] } {
  const tokens = tokensOf(node, source);
  const isFrom = tokens[0] === 'from';
  const cut = tokens.indexOf('import', isFrom ? 1 : 0);
  const taken = takenIn(tokens.slice(cut === -1 ? tokens.length : cut + 1));
  if (!isFrom) {
    return {
      named: taken.map(({ name }) => ({ level: 0, module: name, names: null })),
      aliases: taken.flatMap(({ name, alias }) => (alias ? [{ name: alias, meaning: name }] : []))
    };
  }
  const before = tokens.slice(1, cut === -1 ? tokens.length : cut).join('');
  const level = /^\.*/.exec(before)?.[0].length ?? 0;
  const module = before.slice(level);
  if (module === '' && level === 0) {
    return { named: [], aliases: [] };
  }
  return {
    named: [{ level, module, names: taken.map(({ name }) => name) }],
    aliases: taken.map(({ name, alias }) => ({ name: alias ?? name, meaning: `${module}.${name}` }))
  };
}

function tokensOf(node: SyntaxNode, source: string): string[] {
  const tokens: string[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!child.type.isError && child.name !== 'Comment') {
      // Python reads identifiers in this form, so modules are looked for by it.
      tokens.push(nodeText(child, source).normalize('NFKC'));
    }
  }
  return tokens;
}

type Taken = { name: string; alias: string | null };

/** Dotted names between commas; what follows `as` is a local word. */
function takenIn(tokens: readonly string[]): Taken[] {
  const all: Taken[] = [];
  let name = '';
  let alias: string | null = null;
  let isAlias = false;
  for (const token of [...tokens, ',']) {
    if (token === ',') {
      if (name !== '') {
        all.push({ name: name.replace(/\.$/, ''), alias });
      }
      [name, alias, isAlias] = ['', null, false];
    } else if (token === 'as') {
      isAlias = true;
    } else if (isAlias) {
      alias ??= token;
    } else if (token !== '(' && token !== ')') {
      name += token;
    }
  }
  return all;
}
