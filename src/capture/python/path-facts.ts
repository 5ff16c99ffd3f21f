import type { Tree } from '@lezer/common';
import { lineFinder } from './line-finder';
import { stringConstants } from './string-constants';

/** A path as a source writes it; what it is in a run, only evaluating it in its place tells. */
export type PathExpression = { kind: 'text'; text: string };

/** What a source does with a path. */
export type PathUse = { path: PathExpression; line: number; use: 'read' | 'written' | 'unknown' };

/** What one source says of files: plain data that depends on its text alone. */
export type PathFacts = { uses: PathUse[] };

/**
 * Read a source for the paths in it.
 *
 * `tree` is of the source with its magics blanked (`blankMagics` keeps every place), `source` is as
 * it was typed; `isCell`: its magics and shell lines count too.
 */
export function pathFactsOf(tree: Tree, source: string, isCell = false): PathFacts {
  void tree;
  void isCell;
  void lineFinder;
  return {
    uses: stringConstants(source).map(({ text, line }) => ({
      path: { kind: 'text', text },
      line,
      use: 'unknown'
    }))
  };
}
