import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { constantText } from './call-facts';
import { readImportCall } from './import-calls';
import { isMainOnly, isOptional, isTypeCheckingOnly } from './import-guards';
import { readImportStatement } from './import-statement';
import { lineFinder } from './line-finder';
import { nodeText } from './node-text';
import { readRunCall } from './run-calls';
import { readPathAssignment, readPathCallEdit } from './search-path-edits';
import type { SourceImports } from './source-imports';
import { SourceReader } from './source-reader';

const LISTING = /\b(?:iter_modules|walk_packages|listdir|scandir|iterdir|r?glob)\b/;

/** Enough for the tables of any lazy package. */
const MOST_WORDS = 2000;

/** Read a source, broken or not, for its imports; lazy and conditional ones count. */
export function importsOf(source: string, tree: Tree = parser.parse(source)): SourceImports {
  const found: SourceImports = {
    imports: [],
    dynamic: [],
    words: [],
    isListing: false,
    runs: [],
    pathEntries: [],
    exported: [],
    isBroken: false
  };
  const reader = new SourceReader(source, lineFinder(source));
  tree.iterate({
    enter: ref => {
      switch (ref.name) {
        case 'Body':
          return enterBody(ref.node, reader);
        case 'ImportStatement':
          readStatement(ref.node, reader, found);
          return false;
        case 'CallExpression':
          readCall(ref.node, reader, found);
          return true;
        case 'AssignStatement':
        case 'UpdateStatement':
          readExported(ref.node, source, found);
          found.pathEntries.push(...readPathAssignment(ref.node, reader));
          return true;
        default:
          found.isBroken ||= ref.type.isError;
          return true;
      }
    }
  });
  if (found.dynamic.length > 0) {
    found.words = wordsIn(tree, source);
    found.isListing = LISTING.test(source);
  }
  return found;
}

function enterBody(body: SyntaxNode, reader: SourceReader): boolean {
  if (isTypeCheckingOnly(body, reader.source, reader.aliases)) {
    return false;
  }
  if (isMainOnly(body, reader.source)) {
    reader.noteMain(body);
  }
  return true;
}

function readStatement(node: SyntaxNode, reader: SourceReader, found: SourceImports): void {
  const { named, aliases } = readImportStatement(node, reader.source);
  const where = { ...reader.where(node), isOptional: isOptional(node, reader.source) };
  found.imports.push(...named.map(each => ({ ...each, ...where })));
  for (const { name, meaning } of aliases) {
    reader.aliases.set(name, meaning);
  }
}

function readCall(node: SyntaxNode, reader: SourceReader, found: SourceImports): void {
  const callee = reader.callee(node);
  if (callee !== null) {
    const imported = readImportCall(node, callee, reader);
    found.imports.push(...imported.imports);
    found.dynamic.push(...imported.dynamic);
    found.runs.push(...imported.runs, ...readRunCall(node, callee, reader));
    found.pathEntries.push(...readPathCallEdit(node, callee, reader));
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

/** The constants that look like names of modules. */
function wordsIn(tree: Tree, source: string): string[] {
  const words = new Set<string>();
  tree.iterate({
    enter: ref => {
      if (ref.name === 'String' && ref.to - ref.from < 200 && words.size < MOST_WORDS) {
        const text = constantText(ref.node, source);
        if (
          text !== null &&
          /^\.*[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(text)
        ) {
          words.add(text);
        }
      }
    }
  });
  return [...words];
}
