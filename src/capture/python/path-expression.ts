/**
 * A path as a source writes it: what it is in a run only its place, the kernel and the other
 * sources tell. Plain data.
 */
export type PathExpression =
  | { kind: 'text'; text: string }
  /** What a name, attribute, element or call is: `p`, `cfg.path`, `paths['x']`, `folder()`. */
  | { kind: 'name'; name: string }
  /** Parts with slashes between, of which an absolute one begins anew. */
  | { kind: 'join'; parts: PathExpression[] }
  /** Parts side by side. */
  | { kind: 'sum'; parts: PathExpression[] }
  | { kind: 'up'; of: PathExpression; levels: number }
  | { kind: 'part'; of: PathExpression; part: PathPart }
  | { kind: 'with'; of: PathExpression; part: PathPart; to: PathExpression }
  /** One of several, each of which may come to pass. */
  | { kind: 'any'; of: PathExpression[] }
  | { kind: 'expand'; of: PathExpression }
  | { kind: 'range'; from: number; to: number; step: number }
  | { kind: 'format'; of: PathExpression; spec: string }
  /** `__file__` of this source, or of a module that it imports by that name. */
  | { kind: 'file'; module: string | null }
  | { kind: 'cwd' }
  | { kind: 'home' }
  /** The folder of an importable package. */
  | { kind: 'package'; of: PathExpression }
  /** `sluice.path(name)` */
  | { kind: 'place'; of: PathExpression }
  /** What only the run tells. */
  | { kind: 'hole' };

export type PathPart = 'name' | 'stem' | 'suffix';

export const HOLE: PathExpression = { kind: 'hole' };

/** A constant. */
export function textOf(text: string): PathExpression {
  return { kind: 'text', text };
}

/** One of these; of a single one that one itself. */
export function anyOf(of: PathExpression[]): PathExpression {
  return of.length === 1 && of[0] ? of[0] : { kind: 'any', of };
}

/** The expressions that an expression is made of. */
export function partsOf(expression: PathExpression): readonly PathExpression[] {
  switch (expression.kind) {
    case 'join':
    case 'sum':
      return expression.parts;
    case 'any':
      return expression.of;
    case 'with':
      return [expression.of, expression.to];
    case 'up':
    case 'part':
    case 'expand':
    case 'format':
    case 'package':
    case 'place':
      return [expression.of];
    default:
      return [];
  }
}

/** Whether some part of an expression is as asked. */
export function hasPart(
  expression: PathExpression,
  isWanted: (part: PathExpression) => boolean
): boolean {
  return isWanted(expression) || partsOf(expression).some(part => hasPart(part, isWanted));
}

/** Whether an expression says something of a path without any name being known. */
export function isTelling(expression: PathExpression): boolean {
  return hasPart(
    expression,
    ({ kind }) =>
      kind === 'text' ||
      kind === 'file' ||
      kind === 'cwd' ||
      kind === 'home' ||
      kind === 'package' ||
      kind === 'place'
  );
}

/** The names that an expression needs. */
export function namesIn(expression: PathExpression): string[] {
  return expression.kind === 'name'
    ? [expression.name]
    : partsOf(expression).flatMap(part => namesIn(part));
}
