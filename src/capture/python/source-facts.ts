import { parser } from '@lezer/python';
import { blankMagics } from './blank-magics';
import { importsOf, type SourceImports } from './imports-of';
import { type PathFacts, pathFactsOf } from './path-facts';

/** What one source says of modules and files: plain data that depends on its text alone. */
export type SourceFacts = { imports: SourceImports; paths: PathFacts };

/** Parse a source once, broken or not, for all that capture asks of it. */
export function sourceFacts(source: string): SourceFacts {
  const tree = parser.parse(source);
  return { imports: importsOf(source, tree), paths: pathFactsOf(tree, source) };
}

/** The same of a cell, whose magics and shell lines count. */
export function cellFacts(source: string): SourceFacts {
  const plain = blankMagics(source);
  const tree = parser.parse(plain);
  return { imports: importsOf(plain, tree), paths: pathFactsOf(tree, source, true) };
}
