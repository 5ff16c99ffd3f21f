import type { SyntaxNode, SyntaxNodeRef, Tree } from '@lezer/common';
import { lineFinder } from './line-finder';
import { NameFacts, type SourceNames } from './name-facts';
import { hasPart, isTelling, type PathExpression } from './path-expression';
import { methodUse, pathUse, type PathUseKind } from './path-use';
import { type PathReader, readPath } from './read-path';
import { shellUses } from './shell-lines';

/** What a source does with one path. */
export type PathUse = {
  path: PathExpression;
  line: number;
  use: Exclude<PathUseKind, 'ignored'>;
  /** Of a `glob`: the pattern below the path, and how it is meant. */
  pattern?: PathExpression;
  style?: 'glob' | 'glob-recursive' | 'path' | 'path-recursive';
  /** Done whenever the source runs: no loop, condition or function is around it. */
  isSure?: true;
};

/** What one source says of files: plain data that depends on its text alone. */
export type PathFacts = SourceNames & {
  uses: PathUse[];
  /** There are more uses than these. */
  isCut?: true;
};

const READ = new Set([
  'String',
  'ContinuedString',
  'FormatString',
  'BinaryExpression',
  'CallExpression',
  'MemberExpression'
]);

/** What a member can be that says something of a path. */
const PATH_MEMBER = /\.parents?\b|__file__|\bos\.(?:path\.)?(?:sep|curdir|pardir)\b|environ/;

/** Longer than any path, and than most commands. */
const MOST_CHARACTERS = 4096;

/** More uses than people write: generated tables of strings. */
const MOST_USES = 20_000;

/**
 * Read a source for the paths in it.
 *
 * `tree` is of the source with its magics blanked (`blankMagics` keeps every place), `source` is as
 * it was typed; `isCell`: its magics and shell lines count too.
 */
export function pathFactsOf(tree: Tree, source: string, isCell = false): PathFacts {
  const walk = new PathWalk(source, isCell);
  walk.run(tree.topNode);
  const { uses, names } = walk;
  if (isCell) {
    uses.push(...shellUses(source, tree));
  }
  const wanted = uses.flatMap(({ path, pattern }) => (pattern ? [path, pattern] : [path]));
  return { ...names.facts(wanted), uses, ...(walk.isCut ? { isCut: true } : {}) };
}

class PathWalk {
  readonly uses: PathUse[] = [];
  isCut = false;
  readonly names: NameFacts;

  constructor(
    private readonly source: string,
    private readonly isCell: boolean
  ) {
    this.lineAt = lineFinder(source);
    this.names = new NameFacts(source, isCell);
  }

  run(top: SyntaxNode): void {
    this.waiting.push(top);
    for (let node = this.waiting.pop(); node; node = this.waiting.pop()) {
      node.cursor().iterate(ref => {
        if (ref.name === 'TypeDef' || ref.name === 'Comment') {
          return false;
        }
        if (READ.has(ref.name)) {
          return this.mayTell(ref) ? this.enter(ref.node) : !ref.name.endsWith('String');
        }
        this.names.enter(ref);
        return ref.name !== 'ImportStatement';
      });
    }
  }

  /** Most of a source is no path, and its text alone says so: a look at each would cost more. */
  private mayTell({ name, from, to }: SyntaxNodeRef): boolean {
    if (name === 'MemberExpression') {
      return PATH_MEMBER.test(this.source.slice(from, to));
    }
    return (
      !name.endsWith('String') || (to - from <= MOST_CHARACTERS && !this.isDocumentation(from))
    );
  }

  /** Text that stands for itself on its line. */
  private isDocumentation(from: number): boolean {
    return (
      (this.source.startsWith('"""', from) || this.source.startsWith("'''", from)) &&
      this.source.slice(this.source.lastIndexOf('\n', from) + 1, from).trim() === ''
    );
  }

  /** Whether to look at what a node is made of. */
  private enter(node: SyntaxNode): boolean {
    const reader: PathReader = { source: this.source, holes: [], depth: 0 };
    const path = readPath(node, reader);
    if (path !== null && isTelling(path) && path.kind !== 'name') {
      const use = pathUse(node, this.source);
      this.add(node, path, use);
      this.waiting.push(...reader.holes);
      this.noteInside(node);
      return false;
    }
    if (node.name === 'CallExpression') {
      this.noteCall(node);
    }
    return true;
  }

  /** Calls inside a path, such as those of functions that the sources define. */
  private noteInside(node: SyntaxNode): void {
    if (node.name === 'CallExpression') {
      this.names.noteCall(node);
    }
  }

  /** Names that are given to a call, or whose method is called. */
  private noteCall(call: SyntaxNode): void {
    this.names.noteCall(call);
    const callee = call.firstChild;
    if (callee?.name === 'MemberExpression' && callee.firstChild) {
      const use = methodUse(call, this.source);
      if (use !== 'unknown' && use !== 'ignored' && !this.isModuleCall(call, callee)) {
        this.addBare(callee.firstChild, use);
      }
    }
    const list = call.getChild('ArgList');
    for (let node = list?.firstChild ?? null; node; node = node.nextSibling) {
      const isKeyword = node.nextSibling?.name === 'AssignOp';
      if (!isKeyword && NAMES.has(node.name)) {
        const use = pathUse(node, this.source);
        if (use !== 'unknown' || this.isCell || this.names.isPath(this.word(node))) {
          this.addBare(node, use);
        }
      } else if (COMPOSED.has(node.name)) {
        this.addComposed(node);
      }
    }
  }

  /** `gzip.open(path)` and `glob.glob(pattern)` are no methods of a path. */
  private isModuleCall(call: SyntaxNode, callee: SyntaxNode): boolean {
    const holder = this.source.slice(callee.from, callee.firstChild?.to ?? callee.from);
    if (this.names.isModule(holder)) {
      return true;
    }
    const first = call.getChild('ArgList')?.firstChild?.nextSibling;
    const isOpen = /\.open$/.test(this.source.slice(callee.from, callee.to));
    const isMode = /^(?:\)|["'][rwxabtU+]+["'])$/.test(
      this.source.slice(first?.from ?? 0, first?.to ?? 0)
    );
    return isOpen && !isMode && this.source.slice(first?.from ?? 0, first?.to) !== 'mode';
  }

  /** What is made of names alone may be numbers, unless it is opened. */
  private addComposed(node: SyntaxNode): void {
    const use = pathUse(node, this.source);
    if (use !== 'unknown') {
      this.addBare(node, use);
    }
  }

  private addBare(node: SyntaxNode, use: PathUseKind): void {
    if (use === 'ignored') {
      return;
    }
    const path = readPath(node, { source: this.source, holes: [], depth: 0 });
    if (path === null || !hasPart(path, part => part.kind === 'name')) {
      return;
    }
    const key = `${use} ${JSON.stringify(path)}`;
    if (!this.seen.has(key)) {
      this.seen.add(key);
      this.add(node, path, use);
    }
  }

  private add(node: SyntaxNode, path: PathExpression, use: PathUseKind): void {
    if (use === 'ignored' || this.isIdle(path, use)) {
      return;
    }
    if (this.uses.length >= MOST_USES) {
      this.isCut = true;
      return;
    }
    const found: PathUse = { path, line: this.lineAt(node.from), use };
    if (use === 'glob' && !this.addGlob(node, found)) {
      return;
    }
    if (use === 'written' && isSure(node)) {
      found.isSure = true;
    }
    this.uses.push(found);
  }

  /** A word of a module that is given to nothing which reads is no path. */
  private isIdle(path: PathExpression, use: PathUseKind): boolean {
    const isOpen = use === 'unknown' || use === 'assigned';
    return isOpen && !this.isCell && path.kind === 'text' && !/[./]/.test(path.text);
  }

  /** What the pattern is, and what it is below; false: nothing that can be told. */
  private addGlob(node: SyntaxNode, found: PathUse): boolean {
    const call = enclosingCall(node);
    const callee = call?.firstChild;
    if (!call || !callee) {
      return false;
    }
    const text = this.source.slice(call.from, call.to);
    if (node.from >= callee.to) {
      found.pattern = found.path;
      const root = /\broot_dir\s*=/.test(text)
        ? argumentNamed(call, 'root_dir', this.source)
        : null;
      const reader: PathReader = { source: this.source, holes: [], depth: 0 };
      found.path = (root && readPath(root, reader)) ?? { kind: 'text', text: '' };
      found.style = /\brecursive\s*=\s*True\b/.test(text) ? 'glob-recursive' : 'glob';
      return true;
    }
    const first = call.getChild('ArgList')?.firstChild?.nextSibling;
    const pattern = readPath(first, { source: this.source, holes: [], depth: 0 });
    found.style =
      callee.lastChild && this.word(callee.lastChild) === 'rglob' ? 'path-recursive' : 'path';
    found.pattern = pattern ?? { kind: 'hole' };
    return pattern !== null;
  }

  private word(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to);
  }

  private readonly lineAt: (place: number) => number;
  private readonly waiting: SyntaxNode[] = [];
  private readonly seen = new Set<string>();
}

const NAMES = new Set(['VariableName', 'MemberExpression']);

const COMPOSED = new Set(['BinaryExpression', 'CallExpression', 'FormatString']);

function enclosingCall(node: SyntaxNode): SyntaxNode | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (outer.name === 'CallExpression') {
      return outer;
    }
  }
  return null;
}

function argumentNamed(call: SyntaxNode, keyword: string, source: string): SyntaxNode | null {
  const list = call.getChild('ArgList');
  for (let node = list?.firstChild ?? null; node; node = node.nextSibling) {
    if (node.name === 'AssignOp' && node.prevSibling) {
      if (source.slice(node.prevSibling.from, node.prevSibling.to) === keyword) {
        return node.nextSibling;
      }
    }
  }
  return null;
}

/** A `with` is no condition; all other bodies are. */
function isSure(node: SyntaxNode): boolean {
  for (let outer = node.parent; outer; outer = outer.parent) {
    const isBody = outer.name === 'Body' && outer.parent?.name !== 'WithStatement';
    if (isBody || /^(?:ConditionalExpression|LambdaExpression)$|Comprehension/.test(outer.name)) {
      return false;
    }
  }
  return true;
}
