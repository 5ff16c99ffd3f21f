import { parser } from '@lezer/python';
import type { IFileTree } from '../file-tree';
import { blankMagics } from './blank-magics';
import { importsOf } from './imports-of';
import { type PathFacts, pathFactsOf } from './path-facts';
import { plainFacts } from './plain-source';
import { pythonRuns } from './python-runs';
import { readSource } from './read-source';
import { shellCommands } from './shell-commands';
import { siftSource } from './sift-source';
import { findFault, type SourceFault } from './source-fault';
import type { SourceImports } from './source-imports';

/** What one source says of modules and files: plain data that depends on its text alone. */
export type SourceFacts = {
  imports: SourceImports;
  paths: PathFacts;
  /** What keeps Python from importing it, where that is known. */
  fault: SourceFault | null;
};

/** Parse a source once, broken or not, for all that capture asks of it. */
export function sourceFacts(source: string): SourceFacts {
  const sifted = siftSource(source);
  const plain = sifted && plainFacts(sifted);
  if (plain) {
    return plain;
  }
  const text = sifted?.join('\n') ?? source;
  const tree = parser.parse(text);
  const imports = importsOf(text, tree);
  return {
    imports,
    paths: pathFactsOf(tree, text),
    fault: imports.isBroken ? findFault(source) : null
  };
}

/** The same of a module's bytes. */
export function moduleFacts(bytes: Uint8Array, files: Pick<IFileTree, 'decode'>): SourceFacts {
  const { text, fault } = readSource(bytes, files);
  const facts = sourceFacts(text);
  return fault === null ? facts : { ...facts, fault };
}

/** The same of a cell, whose magics and shell lines count. */
export function cellFacts(source: string): SourceFacts {
  const plain = blankMagics(source);
  const tree = parser.parse(plain);
  const imports = importsOf(plain, tree);
  for (const { command, line } of shellCommands(source)) {
    imports.runs.push(...pythonRuns(command).map(run => ({ ...run, line, isMain: false })));
  }
  return { imports, paths: pathFactsOf(tree, source, true), fault: null };
}
