import { baseName } from '../posix-path';
import type { PathExpression } from './path-expression';

/** Stands in a text for what only the run tells. */
export const UNKNOWN = '\0';

/** What names in an expression stand for. */
export type TextScope = {
  /** Of the source that the expression is in; null: the notebook. */
  file: string | null;
  cwd: string;
  /** `__name__` and `__package__`; null where there is none. */
  module: string | null;
  package: string | null;
  names: Readonly<Record<string, readonly PathExpression[]>>;
  /** Names that are parameters somewhere: calls may give them anything. */
  parameters: Readonly<Record<string, unknown>>;
  constants: Readonly<Record<string, readonly string[]>>;
};

const MOST_TEXTS = 200;
const MOST_DEPTH = 12;
const MOST_CHARACTERS = 4096;

/** The texts that an expression may give, each once, with `UNKNOWN` where nothing is known. */
export function textsOf(expression: PathExpression, scope: TextScope, depth = 0): string[] {
  if (depth > MOST_DEPTH) {
    return [UNKNOWN];
  }
  const of = (part: PathExpression): string[] => textsOf(part, scope, depth + 1);
  switch (expression.kind) {
    case 'text':
      return [expression.text];
    case 'name':
      return ofName(expression.name, scope, depth);
    case 'sum':
      return combine(expression.parts.map(of), (left, right) => left + right);
    case 'join':
      return combine(expression.parts.map(of), joined);
    case 'up':
      return of(expression.of).map(text => text + '/..'.repeat(expression.levels));
    case 'any':
      return unique(expression.of.flatMap(of));
    case 'part':
      return expression.part === 'name' ? of(expression.of).map(baseName) : [UNKNOWN];
    case 'file':
      return expression.module === null && scope.file !== null ? [scope.file] : [UNKNOWN];
    case 'cwd':
      return [scope.cwd];
    default:
      return [UNKNOWN];
  }
}

function ofName(name: string, scope: TextScope, depth: number): string[] {
  const own = name === '__name__' ? scope.module : name === '__package__' ? scope.package : null;
  if (own !== null) {
    return [own];
  }
  if (/^[\w.]+\.__name__$/.test(name)) {
    return [name.slice(0, -'.__name__'.length)];
  }
  const values = (scope.names[name] ?? []).flatMap(each => textsOf(each, scope, depth + 1));
  const known = [...values, ...(scope.constants[name] ?? [])];
  const isGiven = Object.hasOwn(scope.parameters, name);
  return known.length === 0 || isGiven ? unique([...known, UNKNOWN]) : unique(known);
}

function joined(left: string, right: string): string {
  return right.startsWith('/') || left === '' ? right : `${left}/${right}`;
}

function combine(parts: string[][], add: (left: string, right: string) => string): string[] {
  const [first = [''], ...rest] = parts;
  return rest.reduce(
    (lefts, rights) => unique(lefts.flatMap(left => rights.map(right => add(left, right)))),
    first
  );
}

function unique(texts: string[]): string[] {
  return [...new Set(texts.filter(text => text.length <= MOST_CHARACTERS))].slice(0, MOST_TEXTS);
}
