import type { PathExpression } from './path-expression';
import type { PythonRun } from './python-runs';

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
  /** Whether it happens only where the source runs as a script. */
  isMain: boolean;
};

/** An import call whose module is no constant. */
export type DynamicImport = {
  /** As written, shortened. */
  text: string;
  line: number;
  isMain: boolean;
  /** What is known of the module's name; null: nothing. */
  name: PathExpression | null;
};

/** A Python program that a source starts, or runs in its own process. */
export type ScriptRun = PythonRun & { line: number; isMain: boolean };

/** A folder that a source puts on `sys.path`. */
export type SearchPathEdit = { folder: PathExpression; isFirst: boolean; isMain: boolean };

/** What one source says of modules. */
export type SourceImports = {
  imports: ImportFound[];
  dynamic: DynamicImport[];
  /** Constants that may name modules; only of a source with dynamic imports. */
  words: string[];
  /** Whether such a source lists folders, so that any module in them may be meant. */
  isListing: boolean;
  runs: ScriptRun[];
  pathEntries: SearchPathEdit[];
  /** Constants in `__all__`. */
  exported: string[];
  /** Whether some of it does not parse; newer syntax does not either. */
  isBroken: boolean;
};
