import type { SyntaxNode } from '@lezer/common';
import {
  assignmentParts,
  asTargets,
  boundNames,
  changedTargets,
  childrenOf,
  loopTargets,
  parameterNames,
  targetNames
} from './bound-names';
import { nodeText } from './node-text';

/** Names of the scopes around a piece of code that are not those of the notebook. */
type Local = {
  names: ReadonlySet<string>;
  /** Of a class's body: its functions do not see them. */
  ofClass: ReadonlySet<string>;
};

const NONE: Local = { names: new Set(), ofClass: new Set() };

/** The names that a piece of code reads from the scope around it, functions in it included. */
export function freeNames(node: SyntaxNode, source: string): Set<string> {
  const found = new Set<string>();
  visit(node, NONE, { source, found });
  return found;
}

/** The names that the body of a function reads when it is called. */
export function freeNamesOfCall(definition: SyntaxNode, source: string): Set<string> {
  const found = new Set<string>();
  visitBody(definition, NONE, { source, found });
  return found;
}

type Context = { source: string; found: Set<string> };

function visit(node: SyntaxNode, local: Local, context: Context): void {
  const { source, found } = context;
  switch (node.name) {
    case 'VariableName': {
      const name = nodeText(node, source);
      if (!local.names.has(name) && !local.ofClass.has(name)) {
        found.add(name);
      }
      return;
    }
    case 'ImportStatement':
    case 'ScopeStatement':
    case 'CapturePattern':
    case 'TypeParamList':
      return;
    case 'FunctionDefinition':
      visitHead(node, local, context);
      visitBody(node, local, context);
      return;
    case 'LambdaExpression':
      visitLambda(node, local, context);
      return;
    case 'ClassDefinition':
      visitClass(node, local, context);
      return;
    case 'TypeDefinition':
      visitParts(node, within(local, typeParameters(node, source)), context);
      return;
    default:
      visitParts(node, local, context);
  }
}

/** The names that a function's definition reads by itself; decorators stand outside of it. */
export function freeNamesOfHead(definition: SyntaxNode, source: string): Set<string> {
  const found = new Set<string>();
  visitHead(definition, NONE, { source, found });
  return found;
}

function headNodes(node: SyntaxNode): SyntaxNode[] {
  const list = node.getChild('ParamList');
  const children = list === null ? [] : childrenOf(list);
  const defaults = children.filter((_, index) => children[index - 1]?.name === 'AssignOp');
  const types = [...children, ...childrenOf(node)].filter(child => child.name === 'TypeDef');
  return [...defaults, ...types];
}

function visitHead(node: SyntaxNode, local: Local, context: Context): void {
  const inside = within(local, typeParameters(node, context.source));
  headNodes(node).forEach(child => {
    visit(child, { ...inside, ofClass: local.ofClass }, context);
  });
}

function visitBody(node: SyntaxNode, local: Local, context: Context): void {
  const { source } = context;
  const body = node.getChild('Body');
  if (body === null) {
    return;
  }
  const outside = new Set(declared(body, 'global', source));
  const own = [
    ...typeParameters(node, source),
    ...parameterNames(node.getChild('ParamList'), source),
    ...boundNames(body, source).filter(name => !outside.has(name))
  ];
  visitParts(body, within(local, own), context);
}

function visitLambda(node: SyntaxNode, local: Local, context: Context): void {
  headNodes(node).forEach(child => {
    visit(child, local, context);
  });
  const inside = within(local, parameterNames(node.getChild('ParamList'), context.source));
  const body = node.lastChild;
  if (body && body.name !== 'ParamList') {
    visit(body, inside, context);
  }
}

function visitClass(node: SyntaxNode, local: Local, context: Context): void {
  const { source } = context;
  const around = { ...within(local, typeParameters(node, source)), ofClass: local.ofClass };
  const bases = node.getChild('ArgList');
  if (bases) {
    visit(bases, around, context);
  }
  const body = node.getChild('Body');
  if (body) {
    visitParts(body, { ...around, ofClass: new Set(boundNames(body, source)) }, context);
  }
}

/** Everything else: its children, without those that only bind or only name. */
function visitParts(node: SyntaxNode, local: Local, context: Context): void {
  const { source } = context;
  const children = childrenOf(node);
  const loops = loopTargets(children);
  const isComprehension = loops.length > 0 && node.name !== 'ForStatement';
  const inside = isComprehension ? withNames(local, targetNames(loops, source)) : local;
  const bound = [...onlyBound(node, children), ...loops];
  const skipped = new Set(bound.map(child => child.from));
  changedTargets(bound).forEach(target => {
    visit(target, inside, context);
  });
  let isFirst = isComprehension;
  children.forEach((child, index) => {
    if (skipped.has(child.from)) {
      return;
    }
    // The first iterable is read outside of the comprehension.
    const isOutside = isFirst && children[index - 1]?.name === 'in';
    isFirst &&= !isOutside;
    visit(child, isOutside ? local : inside, context);
  });
}

/** The children that are bound, or that are the names of arguments. */
function onlyBound(node: SyntaxNode, children: readonly SyntaxNode[]): SyntaxNode[] {
  switch (node.name) {
    case 'AssignStatement':
      return assignmentParts(node).targets;
    case 'NamedExpression':
    case 'KeywordPattern':
    case 'TypeDefinition':
      return children.filter(child => child.name === 'VariableName').slice(0, 1);
    case 'ArgList':
      return children.filter((_, index) => children[index + 1]?.name === 'AssignOp');
    default:
      return asTargets(children);
  }
}

/** Inside a function: the names of a class around it are out of sight. */
function within(local: Local, names: readonly string[]): Local {
  return { names: new Set([...local.names, ...names]), ofClass: new Set() };
}

function withNames(local: Local, names: readonly string[]): Local {
  return { ...local, names: new Set([...local.names, ...names]) };
}

function typeParameters(node: SyntaxNode, source: string): string[] {
  const parameters = node.getChild('TypeParamList')?.getChildren('TypeParam') ?? [];
  return parameters.flatMap(parameter => targetNames(childrenOf(parameter).slice(0, 1), source));
}

function declared(node: SyntaxNode, word: string, source: string): string[] {
  return childrenOf(node).flatMap(child => {
    if (child.name === 'ScopeStatement' && child.firstChild?.name === word) {
      return targetNames(childrenOf(child), source);
    }
    return child.name === 'FunctionDefinition' ? [] : declared(child, word, source);
  });
}
