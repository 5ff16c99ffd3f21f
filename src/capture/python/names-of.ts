import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import {
  assignmentParts,
  asTargets,
  boundNames,
  changedTargets,
  childrenOf,
  definedName,
  importBindings,
  type ImportBinding,
  loopTargets,
  targetNames
} from './bound-names';
import { freeNames, freeNamesOfCall, freeNamesOfHead } from './free-names';
import { heldTexts } from './held-texts';
import { nodeText } from './node-text';
import { type Bound, merge } from './ways';

/** What a cell makes a name stand for. */
export type NameBinding =
  | { kind: 'import'; import: ImportBinding }
  /** A function or class: its text, and what it reads of the notebook. */
  | { kind: 'function' | 'class'; source: string; reads: ReadonlySet<string> }
  /** The texts that it holds, by itself or in a list, tuple, dict or path. */
  | { kind: 'constant'; texts: string[] }
  | { kind: 'value' };

export type NamesOf = {
  /** Names read before the source has bound them; false: only on some of its ways. */
  reads: Map<string, boolean>;
  /** What each name that the source binds stands for in the end. */
  binds: Map<string, NameBinding>;
  /** It binds names that its text does not tell (`import *`). */
  hasStar: boolean;
};

/** What a cell reads and binds; broken code and magics (made blank before) do not stop it. */
export function namesOf(source: string): NamesOf {
  const walker = new NameWalker(source);
  walker.run();
  return walker.found;
}

/** Goes through the statements in their order, over branches and loops. */
class NameWalker {
  readonly found: NamesOf = { reads: new Map(), binds: new Map(), hasStar: false };
  /** What calls of a function would read, until its first use. */
  private readonly waiting = new Map<string, ReadonlySet<string>>();

  constructor(private readonly source: string) {}

  run(): void {
    this.walkBody(parser.parse(this.source).topNode, new Map());
  }

  private walkBody(body: SyntaxNode, bound: Bound): void {
    childrenOf(body).forEach(child => {
      this.walk(child, bound);
    });
  }

  private walk(node: SyntaxNode, bound: Bound): void {
    switch (node.name) {
      case 'AssignStatement':
        this.walkAssignment(node, bound);
        break;
      case 'ImportStatement':
        this.walkImport(node, bound);
        break;
      case 'FunctionDefinition':
        this.walkFunction(node, node, bound);
        break;
      case 'ClassDefinition':
        this.walkClass(node, node, bound);
        break;
      case 'DecoratedStatement':
        this.walkDecorated(node, bound);
        break;
      case 'IfStatement':
        this.walkIf(node, bound);
        break;
      case 'MatchStatement':
        this.walkMatch(node, bound);
        break;
      case 'TryStatement':
        this.walkTry(node, bound);
        break;
      case 'ForStatement':
      case 'WhileStatement':
        this.walkLoop(node, bound);
        break;
      case 'WithStatement':
        this.walkWith(node, bound);
        break;
      case 'UpdateStatement':
        this.readAll(childrenOf(node), bound);
        this.bind(boundNames(node, this.source), bound);
        break;
      default:
        this.readAndBind(node, bound);
    }
  }

  private walkAssignment(node: SyntaxNode, bound: Bound): void {
    const { source } = this;
    const { targets, value, annotation } = assignmentParts(node);
    this.readAll([...value, ...annotation, ...changedTargets(targets)], bound);
    const read = [...value, ...changedTargets(targets)];
    this.bind(
      read.flatMap(part => boundNames(part, source)),
      bound
    );
    if (value.length === 0) {
      return;
    }
    const names = targetNames(targets, source);
    this.bind(names, bound);
    const texts = value.flatMap(part => heldTexts(part, source));
    if (texts.length > 0) {
      names.forEach(name => this.found.binds.set(name, { kind: 'constant', texts }));
    }
  }

  private walkImport(node: SyntaxNode, bound: Bound): void {
    for (const each of importBindings(node, this.source)) {
      if (each.name === '*') {
        this.found.hasStar = true;
      }
      this.bind([each.name], bound);
      this.found.binds.set(each.name, { kind: 'import', import: each });
    }
  }

  private walkFunction(node: SyntaxNode, whole: SyntaxNode, bound: Bound): void {
    const name = definedName(node, this.source);
    freeNamesOfHead(node, this.source).forEach(each => {
      this.read(each, bound);
    });
    if (name === null) {
      return;
    }
    const reads = freeNames(whole, this.source);
    this.bind([name], bound);
    this.waiting.set(name, freeNamesOfCall(node, this.source));
    this.found.binds.set(name, { kind: 'function', source: this.text(whole), reads });
  }

  /** The body of a class runs at once; its functions perhaps later. */
  private walkClass(node: SyntaxNode, whole: SyntaxNode, bound: Bound): void {
    const name = definedName(node, this.source);
    const reads = freeNames(whole, this.source);
    this.readAll([node], bound);
    if (name !== null) {
      this.bind([name], bound);
      this.found.binds.set(name, { kind: 'class', source: this.text(whole), reads });
    }
  }

  private walkDecorated(node: SyntaxNode, bound: Bound): void {
    this.readAll(node.getChildren('Decorator'), bound);
    const [definition] = [
      ...node.getChildren('FunctionDefinition'),
      ...node.getChildren('ClassDefinition')
    ];
    if (definition?.name === 'FunctionDefinition') {
      this.walkFunction(definition, node, bound);
    } else if (definition) {
      this.walkClass(definition, node, bound);
    }
  }

  /** One way is taken, or none. */
  private walkIf(node: SyntaxNode, bound: Bound): void {
    const ways: Bound[] = [];
    for (const child of childrenOf(node)) {
      if (child.name === 'Body') {
        ways.push(this.walkWay(child, bound));
      } else {
        this.readAndBind(child, bound);
      }
    }
    const hasRest = node.getChild('else') !== null;
    merge(bound, hasRest ? ways : [...ways, new Map(bound)]);
  }

  private walkMatch(node: SyntaxNode, bound: Bound): void {
    const body = node.getChild('MatchBody');
    childrenOf(node)
      .filter(child => child.name !== 'MatchBody')
      .forEach(child => {
        this.readAndBind(child, bound);
      });
    const ways = (body?.getChildren('MatchClause') ?? []).map(clause => {
      const way = new Map(bound);
      childrenOf(clause).forEach(part => {
        if (part.name === 'Body') {
          this.walkBody(part, way);
        } else {
          this.bind(boundNames(part, this.source), way);
          this.readAll([part], way);
        }
      });
      return way;
    });
    merge(bound, [...ways, new Map(bound)]);
  }

  /** The body may end anywhere: what it binds is perhaps there for its handlers. */
  private walkTry(node: SyntaxNode, bound: Bound): void {
    const children = childrenOf(node);
    let word = '';
    let tried = new Map(bound);
    let caught = new Map(bound);
    const handled: Bound[] = [];
    for (const child of children) {
      if (/^(?:try|except|else|finally)$/.test(child.name)) {
        word = child.name;
        caught = new Map(bound);
        merge(caught, [bound, tried]);
      } else if (child.name !== 'Body') {
        this.walkHandlerHead(child, caught);
      } else if (word === 'except') {
        handled.push(this.walkWay(child, caught));
      } else if (word === 'finally') {
        merge(bound, [tried, ...handled]);
        tried = this.walkWay(child, bound);
        handled.splice(0);
      } else {
        tried = this.walkWay(child, tried);
      }
    }
    merge(bound, [tried, ...handled]);
  }

  private walkHandlerHead(child: SyntaxNode, caught: Bound): void {
    if (child.prevSibling?.name === 'as') {
      this.bind(targetNames([child], this.source), caught);
    } else {
      this.readAll([child], caught);
    }
  }

  private walkWay(body: SyntaxNode, bound: Bound): Bound {
    const way = new Map(bound);
    this.walkBody(body, way);
    return way;
  }

  private readAndBind(node: SyntaxNode, bound: Bound): void {
    this.readAll([node], bound);
    this.bind(boundNames(node, this.source), bound);
  }

  /** It may run no time at all. */
  private walkLoop(node: SyntaxNode, bound: Bound): void {
    const children = childrenOf(node);
    const targets = node.name === 'ForStatement' ? loopTargets(children) : [];
    const heads = children.filter(child => child.name !== 'Body' && !targets.includes(child));
    this.readAll([...heads, ...changedTargets(targets)], bound);
    this.bind(
      heads.flatMap(head => boundNames(head, this.source)),
      bound
    );
    const inside = new Map(bound);
    this.bind(targetNames(targets, this.source), inside);
    const [body, rest] = node.getChildren('Body');
    if (body) {
      this.walkBody(body, inside);
    }
    merge(bound, [inside, new Map(bound)]);
    if (rest) {
      this.walkBody(rest, bound);
    }
  }

  private walkWith(node: SyntaxNode, bound: Bound): void {
    const children = childrenOf(node);
    const targets = asTargets(children);
    const heads = children.filter(child => child.name !== 'Body' && !targets.includes(child));
    this.readAll([...heads, ...changedTargets(targets)], bound);
    const inHeads = heads.flatMap(head => boundNames(head, this.source));
    this.bind([...targetNames(targets, this.source), ...inHeads], bound);
    node.getChildren('Body').forEach(body => {
      this.walkBody(body, bound);
    });
  }

  private readAll(nodes: readonly SyntaxNode[], bound: Bound): void {
    for (const node of nodes) {
      // What an expression binds on its way may have been read before that.
      const around = new Map(bound);
      boundNames(node, this.source).forEach(name => around.set(name, around.get(name) ?? false));
      freeNames(node, this.source).forEach(name => {
        this.read(name, around);
      });
    }
  }

  private read(name: string, bound: Bound): void {
    const isBound = bound.get(name);
    if (isBound !== true) {
      const isSure = isBound === undefined && !this.found.hasStar;
      this.found.reads.set(name, isSure || this.found.reads.get(name) === true);
    }
    const later = this.waiting.get(name);
    if (later !== undefined) {
      this.waiting.delete(name);
      later.forEach(each => {
        this.read(each, bound);
      });
    }
  }

  private bind(names: readonly string[], bound: Bound): void {
    for (const name of names) {
      bound.set(name, true);
      this.waiting.delete(name);
      this.found.binds.set(name, { kind: 'value' });
    }
  }

  private text(node: SyntaxNode): string {
    return nodeText(node, this.source);
  }
}
