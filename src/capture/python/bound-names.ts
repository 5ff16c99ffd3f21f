import type { SyntaxNode } from '@lezer/common';
import { nodeText } from './node-text';

/** The direct children of a node. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    children.push(child);
  }
  return children;
}

const OF_TARGETS = new Set(['TupleExpression', 'ArrayExpression', 'ParenthesizedExpression']);

/** The names that an assignment to these nodes binds; `x.y` and `x[i]` bind none. */
export function targetNames(nodes: readonly SyntaxNode[], source: string): string[] {
  return nodes.flatMap(node => {
    if (node.name === 'VariableName') {
      return [nodeText(node, source)];
    }
    return OF_TARGETS.has(node.name) ? targetNames(childrenOf(node), source) : [];
  });
}

/** Those parts of targets that read what they change: `x.y` and `x[i]`. */
export function changedTargets(nodes: readonly SyntaxNode[]): SyntaxNode[] {
  return nodes.flatMap(node => {
    if (node.name === 'MemberExpression') {
      return [node];
    }
    return OF_TARGETS.has(node.name) ? changedTargets(childrenOf(node)) : [];
  });
}

/** The parts of an assignment: what is bound, what is read, and the annotation. */
export function assignmentParts(node: SyntaxNode): {
  targets: SyntaxNode[];
  value: SyntaxNode[];
  annotation: SyntaxNode[];
} {
  const children = childrenOf(node);
  const last = children.findLastIndex(child => child.name === 'AssignOp');
  const before = last === -1 ? children : children.slice(0, last);
  return {
    targets: before.filter(child => child.name !== 'AssignOp' && child.name !== 'TypeDef'),
    value: last === -1 ? [] : children.slice(last + 1),
    annotation: before.filter(child => child.name === 'TypeDef')
  };
}

/** Between `for` and `in`: the targets of each such pair among these children. */
export function loopTargets(children: readonly SyntaxNode[]): SyntaxNode[] {
  const targets: SyntaxNode[] = [];
  let isTarget = false;
  for (const child of children) {
    if (child.name === 'for') {
      isTarget = true;
    } else if (child.name === 'in') {
      isTarget = false;
    } else if (isTarget) {
      targets.push(child);
    }
  }
  return targets;
}

/** What stands right after each `as`. */
export function asTargets(children: readonly SyntaxNode[]): SyntaxNode[] {
  return children.filter((_, index) => children[index - 1]?.name === 'as');
}

/** The names that parameters bind. */
export function parameterNames(list: SyntaxNode | null, source: string): string[] {
  const children = list === null ? [] : childrenOf(list);
  return children
    .filter((child, index) => {
      const isDefault = children[index - 1]?.name === 'AssignOp';
      return child.name === 'VariableName' && !isDefault;
    })
    .map(child => nodeText(child, source));
}

/** One name that an import binds. */
export type ImportBinding = {
  name: string;
  level: number;
  module: string;
  attribute: string | null;
};

function importWords(node: SyntaxNode, source: string): string[] {
  return childrenOf(node)
    .filter(child => !child.type.isError && child.name !== 'Comment')
    .map(child => nodeText(child, source));
}

/** The names that an import statement binds; `*` is one whose name nobody knows here. */
export function importBindings(node: SyntaxNode, source: string): ImportBinding[] {
  const words = importWords(node, source).filter(word => word !== '(' && word !== ')');
  const cut = words.indexOf('import');
  const from = words[0] === 'from' ? words.slice(1, cut).join('') : null;
  const items = words
    .slice(cut + 1)
    .join(' ')
    .split(',')
    .map(item => item.trim().split(/ as /));
  return items.flatMap(([what = '', alias]): ImportBinding[] => {
    const dotted = what.replaceAll(' ', '');
    if (dotted === '') {
      return [];
    }
    if (from !== null) {
      const level = /^\.*/.exec(from)?.[0].length ?? 0;
      const module = from.slice(level);
      return [{ name: alias?.trim() ?? dotted, level, module, attribute: dotted }];
    }
    const [top = dotted] = dotted.split('.');
    // `import a.b` binds `a`; with `as` it binds the module itself.
    return [{ name: alias?.trim() ?? top, level: 0, module: dotted, attribute: null }];
  });
}

const SCOPES = new Set(['FunctionDefinition', 'ClassDefinition', 'LambdaExpression']);

/** The name that a definition of a function, class or type binds. */
export function definedName(node: SyntaxNode, source: string): string | null {
  const name = node.getChild('VariableName');
  return name === null ? null : nodeText(name, source);
}

/** What one node binds by itself in the scope around it. */
function ownBindings(node: SyntaxNode, source: string): string[] {
  switch (node.name) {
    case 'AssignStatement':
      return targetNames(assignmentParts(node).targets, source);
    case 'NamedExpression':
    case 'UpdateStatement':
      return targetNames(childrenOf(node).slice(0, 1), source);
    case 'ForStatement':
      return targetNames(loopTargets(childrenOf(node)), source);
    case 'WithStatement':
    case 'TryStatement':
    case 'AsPattern':
    case 'ParenthesizedExpression':
      return targetNames(asTargets(childrenOf(node)), source);
    case 'CapturePattern':
      return targetNames(childrenOf(node), source);
    case 'ImportStatement':
      return importBindings(node, source).map(({ name }) => name);
    case 'FunctionDefinition':
    case 'ClassDefinition':
    case 'TypeDefinition':
      return [definedName(node, source)].filter(name => name !== null);
    default:
      return [];
  }
}

/** All names that a piece of code binds in its own scope, wherever in it. */
export function boundNames(node: SyntaxNode, source: string): string[] {
  const inner = SCOPES.has(node.name) ? [] : childrenOf(node);
  return [...ownBindings(node, source), ...inner.flatMap(child => boundNames(child, source))];
}
