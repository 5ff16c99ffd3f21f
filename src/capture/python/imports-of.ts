import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { argumentsOf, callFacts, constantText } from './call-facts';
import { type LineFinder, lineFinder } from './line-finder';
import { nodeText } from './node-text';
import { pathText } from './path-text';

/** One import that a source makes, wherever in it. */
export type ImportFound = {
  /** Leading dots of a relative import. */
  level: number;
  /** Dotted; empty in `from . import x`. */
  module: string;
  /** Null: `import module`; otherwise the names taken from it, `*` among them. */
  names: string[] | null;
  line: number;
  /** Whether the source goes on without it (in a `try` that catches the failure). */
  isOptional: boolean;
};

/** What one source says of modules. */
export type SourceImports = {
  imports: ImportFound[];
  /** Import calls whose module only running them tells, as written. */
  dynamic: { text: string; line: number }[];
  /** Folders that the source puts on `sys.path`, as far as its text tells them. */
  pathEntries: { folder: string; isFirst: boolean }[];
  /** Constants in `__all__`. */
  exported: string[];
};

/** Read a source, broken or not, for its imports; lazy and conditional ones count. */
export function importsOf(source: string, tree: Tree = parser.parse(source)): SourceImports {
  const found: SourceImports = { imports: [], dynamic: [], pathEntries: [], exported: [] };
  const text = { source, lineAt: lineFinder(source), assigned: new Map<string, string | null>() };
  tree.iterate({
    enter: ref => {
      if (ref.name === 'Body' && isTypeCheckingOnly(ref.node, source)) {
        return false;
      }
      readNode(ref.node, text, found);
      return ref.name !== 'ImportStatement';
    }
  });
  return found;
}

type Text = {
  source: string;
  lineAt: LineFinder;
  /** The paths that plain names were assigned so far. */
  assigned: Map<string, string | null>;
};

function readNode(node: SyntaxNode, text: Text, found: SourceImports): void {
  const { source, lineAt } = text;
  if (node.name === 'ImportStatement') {
    const where = { line: lineAt(node.from), isOptional: isOptional(node, source) };
    found.imports.push(...readImport(node, source).map(each => ({ ...each, ...where })));
  } else if (node.name === 'CallExpression') {
    readCall(node, text, found);
  } else if (node.name === 'AssignStatement') {
    readExported(node, source, found);
    noteAssigned(node, text);
  }
}

type Named = Pick<ImportFound, 'level' | 'module' | 'names'>;

function readImport(node: SyntaxNode, source: string): Named[] {
  const tokens = tokensOf(node, source);
  const isFrom = tokens[0] === 'from';
  const cut = tokens.indexOf('import', isFrom ? 1 : 0);
  const taken = namesIn(tokens.slice(cut === -1 ? tokens.length : cut + 1));
  if (!isFrom) {
    return taken.map(module => ({ level: 0, module, names: null }));
  }
  const before = tokens.slice(1, cut === -1 ? tokens.length : cut).join('');
  const level = /^\.*/.exec(before)?.[0].length ?? 0;
  const module = before.slice(level);
  return module === '' && level === 0 ? [] : [{ level, module, names: taken }];
}

function tokensOf(node: SyntaxNode, source: string): string[] {
  const tokens: string[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!child.type.isError && child.name !== 'Comment') {
      tokens.push(nodeText(child, source));
    }
  }
  return tokens;
}

/** Dotted names between commas; what follows `as` is a local word. */
function namesIn(tokens: readonly string[]): string[] {
  const names: string[] = [];
  let name = '';
  let isAlias = false;
  for (const token of [...tokens, ',']) {
    if (token === ',') {
      if (name !== '') {
        names.push(name.replace(/\.$/, ''));
      }
      name = '';
      isAlias = false;
    } else if (token === 'as') {
      isAlias = true;
    } else if (!isAlias && token !== '(' && token !== ')') {
      name += token;
    }
  }
  return names;
}

/** The body of `if TYPE_CHECKING:`; its `else` branch is another matter. */
function isTypeCheckingOnly(body: SyntaxNode, source: string): boolean {
  const test = body.prevSibling;
  const word = test?.prevSibling?.name;
  if (body.parent?.name !== 'IfStatement' || !test || (word !== 'if' && word !== 'elif')) {
    return false;
  }
  return /^(?:\w+\.)?TYPE_CHECKING$/.test(nodeText(test, source));
}

function isOptional(node: SyntaxNode, source: string): boolean {
  for (let part: SyntaxNode | null = node; part.parent; part = part.parent) {
    if (part.name === 'Body' && part.parent.name === 'TryStatement') {
      const isTried = part.prevSibling?.name === 'try';
      if (isTried && catchesImportError(part.parent, source)) {
        return true;
      }
    }
  }
  return false;
}

function catchesImportError(statement: SyntaxNode, source: string): boolean {
  const catches =
    /^(?:except\s*:|except\b.*\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b)/;
  return statement.getChildren('except').some(word => {
    const end = source.indexOf('\n', word.from);
    return catches.test(source.slice(word.from, end === -1 ? undefined : end));
  });
}

function noteAssigned(node: SyntaxNode, { source, assigned }: Text): void {
  const [target, value] = [node.firstChild, node.lastChild];
  if (target?.name === 'VariableName' && target.nextSibling?.name === 'AssignOp' && value) {
    assigned.set(nodeText(target, source), pathText(value, source, assigned));
  }
}

function readCall(
  node: SyntaxNode,
  { source, lineAt, assigned }: Text,
  found: SourceImports
): void {
  const call = callFacts(node, source);
  if (/(?:^|\.)import_module$|^__import__$/.test(call.callee)) {
    const module = call.constants[0];
    if (module === undefined) {
      const words = nodeText(node, source).slice(0, 80);
      found.dynamic.push({ text: words, line: lineAt(node.from) });
      return;
    }
    const level = /^\.*/.exec(module)?.[0].length ?? 0;
    const isOptionalCall = isOptional(node, source);
    found.imports.push({
      level,
      module: module.slice(level),
      names: null,
      line: lineAt(node.from),
      isOptional: isOptionalCall
    });
  } else if (/^(?:sys\.)?path\.(?:append|insert)$/.test(call.callee)) {
    const isFirst = call.callee.endsWith('insert');
    const value = argumentsOf(node)[isFirst ? 1 : 0]?.[0];
    const folder = value ? pathText(value, source, assigned) : null;
    if (folder !== null && folder !== '') {
      found.pathEntries.push({ folder, isFirst });
    }
  }
}

function readExported(node: SyntaxNode, source: string, found: SourceImports): void {
  const target = node.firstChild;
  if (!target || nodeText(target, source) !== '__all__') {
    return;
  }
  for (const list of [
    ...node.getChildren('ArrayExpression'),
    ...node.getChildren('TupleExpression')
  ]) {
    for (let item = list.firstChild; item; item = item.nextSibling) {
      const text = constantText(item, source);
      if (text !== null) {
        found.exported.push(text);
      }
    }
  }
}
