import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import { argumentsOf, constantText } from './call-facts';
import { callUse } from './call-use';
import { importedNames } from './imported-names';
import { isTelling, namesIn, type PathExpression } from './path-expression';
import { wordsOf } from './path-use';
import { elementName, operandsOf, type PathReader, quoted, readPath } from './read-path';

/** The arguments of one call, as paths; null: none that the text tells. */
export type CallArguments = {
  positional: (PathExpression | null)[];
  keywords: Record<string, PathExpression>;
};

/** What the names of a source may stand for: all that is ever bound to them, in any order. */
export type SourceNames = {
  names: Record<string, PathExpression[]>;
  /** Of each parameter: the functions that have it, and where in the call. */
  parameters: Record<string, { function: string; position: number }[]>;
  /** Calls by the last word of what is called. */
  calls: Record<string, CallArguments[]>;
  /** Names that an import binds: the module as written, and what is taken from it. */
  imported: Record<string, { module: string; name: string | null }>;
};

const MOST_VALUES = 1000;

/** Arguments that may say something of a path by themselves. */
const TELLING = new Set([
  'String',
  'ContinuedString',
  'FormatString',
  'BinaryExpression',
  'CallExpression',
  'ConditionalExpression',
  'ArrayExpression',
  'TupleExpression'
]);

const PATH_WORD = /path|file|dir|folder|name|root|base|src|out|in$|^f[n]?$|^p$/i;

/** Gathers what a source binds, while it is walked. */
export class NameFacts {
  private readonly names = new Map<string, PathExpression[]>();
  private readonly parameters: Map<string, { function: string; position: number }[]> = new Map();
  private readonly calls = new Map<string, CallArguments[]>();
  private readonly imported = new Map<string, { module: string; name: string | null }>();

  constructor(
    private readonly source: string,
    private readonly isCell: boolean
  ) {}

  private readonly readers: Readonly<Partial<Record<string, (node: SyntaxNode) => void>>> = {
    AssignStatement: node => {
      this.assign(node);
    },
    NamedExpression: node => {
      this.assign(node);
    },
    UpdateStatement: node => {
      this.update(node);
    },
    ForStatement: node => {
      this.loop(node);
    },
    ArrayComprehensionExpression: node => {
      this.loop(node);
    },
    SetComprehensionExpression: node => {
      this.loop(node);
    },
    DictionaryComprehensionExpression: node => {
      this.loop(node);
    },
    ComprehensionExpression: node => {
      this.loop(node);
    },
    FunctionDefinition: node => {
      this.define(node);
    },
    ReturnStatement: node => {
      this.returns(node);
    },
    ImportStatement: node => {
      this.imports(node);
    }
  };

  /** Take note of a node that binds names. */
  enter(ref: SyntaxNodeRef): void {
    const read = this.readers[ref.name];
    if (read) {
      read(ref.node);
    }
  }

  /** Whether a name was bound to what says something of a path. */
  isPath(name: string): boolean {
    return this.names.get(name)?.some(isTelling) ?? false;
  }

  /** Whether a name is bound by an import. */
  isModule(name: string): boolean {
    return this.imported.has(name.split('.')[0] ?? name);
  }

  /** Note what is given to a call: perhaps one of the sources defines what is called. */
  noteCall(call: SyntaxNode): void {
    const given = argumentsOf(call);
    if (!given.some(argument => this.mayTell(argument.at(-1)))) {
      return;
    }
    const words = wordsOf(call, this.source);
    const use = callUse(words, 0, null);
    if (!/^\w+$/.test(words.last) || use === 'ignored' || use === 'shell') {
      return;
    }
    const found: CallArguments = { positional: [], keywords: {} };
    for (const argument of given) {
      const [first, , value] = argument;
      if (argument.length === 1) {
        found.positional.push(this.read(first));
      } else if (first && value) {
        const path = this.read(value);
        if (path !== null) {
          found.keywords[this.text(first)] = path;
        }
      }
    }
    const all = [...found.positional, ...Object.values(found.keywords)];
    if (all.some(path => path !== null && this.isWorthGiving(path))) {
      push(this.calls, words.last, found);
    }
  }

  /** Whether an argument may lead to a path: by its own text, or as a name that has one. */
  private mayTell(node: SyntaxNode | undefined): boolean {
    if (node?.name !== 'VariableName') {
      return node !== undefined && TELLING.has(node.name);
    }
    const name = this.text(node);
    return this.isCell || this.isPath(name) || (PATH_WORD.test(name) && this.parameters.has(name));
  }

  private isWorthGiving(path: PathExpression): boolean {
    return this.isCell || path.kind !== 'text' || !/[\n\s]/.test(path.text);
  }

  /** Everything that the given paths need, or that another source may ask for. */
  facts(wanted: readonly PathExpression[]): SourceNames {
    const kept = new Map<string, PathExpression[]>();
    const waiting = wanted.flatMap(namesIn);
    const others = [...this.names].filter(([, paths]) => this.isCell || paths.some(isTelling));
    waiting.push(...others.map(([name]) => name));
    const calls = [...this.calls.values()].flat();
    for (const { positional, keywords } of calls) {
      waiting.push(
        ...[...positional, ...Object.values(keywords)].flatMap(each => (each ? namesIn(each) : []))
      );
    }
    const parameters = new Set<string>();
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      // `paths['x']` and `cfg.path` may be known as what they are part of.
      const base = /^[^.[(]*/.exec(name)?.[0] ?? name;
      parameters.add(base);
      for (const each of [name, name.replace(/\[[^[\]]*\]$/, ''), base]) {
        const paths = kept.has(each) ? undefined : this.names.get(each);
        if (paths) {
          kept.set(each, paths);
          waiting.push(...paths.flatMap(namesIn));
        }
      }
    }
    return {
      names: Object.fromEntries(kept),
      parameters: Object.fromEntries([...this.parameters].filter(([name]) => parameters.has(name))),
      calls: Object.fromEntries(this.calls),
      imported: Object.fromEntries(this.imported)
    };
  }

  private imports(node: SyntaxNode): void {
    for (const [name, from] of importedNames(this.text(node))) {
      this.imported.set(name, from);
    }
  }

  private assign(node: SyntaxNode): void {
    const groups: SyntaxNode[][] = [[]];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === 'AssignOp') {
        groups.push([]);
      } else if (child.name !== ',' && child.name !== 'TypeDef') {
        groups.at(-1)?.push(child);
      }
    }
    const values = groups.pop() ?? [];
    for (const targets of groups) {
      this.bindAll(targets.flatMap(unpacked), values);
    }
  }

  private bindAll(targets: readonly SyntaxNode[], values: readonly SyntaxNode[]): void {
    const [single] = values;
    const elements = values.length === 1 && single ? unpacked(single) : values;
    if (targets.length === 1 && targets[0] && single && values.length === 1) {
      this.bind(targets[0], single);
    } else if (targets.length === elements.length) {
      targets.forEach((target, index) => this.bind(target, elements[index]));
    } else {
      targets.forEach(target => values.forEach(value => this.bind(target, value)));
    }
  }

  private bind(target: SyntaxNode, value: SyntaxNode | undefined): void {
    const name = elementName(target, this.source);
    if (name === null || !value) {
      return;
    }
    if (value.name === 'DictionaryExpression') {
      this.bindEntries(name, operandsOf(value));
      return;
    }
    const path = this.read(value);
    if (path !== null) {
      this.add(name, path);
      this.addOfClass(target, name, path);
    }
    if (value.name === 'CallExpression') {
      this.bindKeywords(name, value);
    }
    const elements = /^(?:Array|Tuple)Expression$/.test(value.name) ? operandsOf(value) : [];
    elements.slice(0, 50).forEach((element, index) => {
      const each = this.read(element);
      if (each !== null) {
        this.add(`${name}[${index}]`, each);
      }
    });
  }

  /** What the body of a class binds is known by `self.` and by the name of the class. */
  private addOfClass(target: SyntaxNode, name: string, path: PathExpression): void {
    const owner = target.parent?.parent?.parent;
    const ownerName = owner?.name === 'ClassDefinition' ? owner.getChild('VariableName') : null;
    if (ownerName) {
      this.add(`self.${name}`, path);
      this.add(`${this.text(ownerName)}.${name}`, path);
    }
  }

  private bindEntries(name: string, operands: readonly SyntaxNode[]): void {
    for (let index = 0; index + 1 < operands.length; index += 2) {
      const [key, value] = [operands[index], operands[index + 1]];
      const text = key ? constantText(key, this.source) : null;
      if (value?.name === 'DictionaryExpression' && text !== null) {
        this.bindEntries(`${name}[${quoted(text)}]`, operandsOf(value));
      }
      const path = this.read(value);
      if (path !== null) {
        this.add(name, path);
        if (text !== null) {
          this.add(`${name}[${quoted(text)}]`, path);
        }
      }
    }
  }

  /** `cfg = Config(path="x.csv")`, `paths = dict(x="x.csv")` */
  private bindKeywords(name: string, call: SyntaxNode): void {
    for (const [first, , value] of argumentsOf(call).filter(group => group.length === 3)) {
      const path = this.read(value);
      if (first && path !== null && isTelling(path)) {
        const keyword = this.text(first);
        this.add(`${name}.${keyword}`, path);
        this.add(`${name}[${quoted(keyword)}]`, path);
      }
    }
  }

  /** `path += "/x.csv"`, `folder /= "x"`, `files += ["a"]` */
  private update(node: SyntaxNode): void {
    const [target, value] = [node.firstChild, node.lastChild];
    const operator = target?.nextSibling ? this.text(target.nextSibling) : '';
    const name = target ? elementName(target, this.source) : null;
    const added = this.read(value);
    if (name === null || added === null) {
      return;
    }
    const before: PathExpression[] = this.names.get(name) ?? [];
    const kind = operator === '/=' ? 'join' : 'sum';
    for (const path of before.slice(0, 8)) {
      this.add(name, { kind, parts: [path, added] });
    }
    this.add(name, added);
  }

  private loop(node: SyntaxNode): void {
    let targets: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === 'for') {
        targets = [];
      } else if (child.name === 'in' && child.nextSibling) {
        this.bindLoop(targets.flatMap(unpacked), child.nextSibling);
      } else if (child.name !== ',') {
        targets.push(child);
      }
    }
  }

  private bindLoop(targets: readonly SyntaxNode[], iterable: SyntaxNode): void {
    const callee = iterable.firstChild ? this.text(iterable.firstChild) : '';
    const given = iterable.name === 'CallExpression' ? argumentsOf(iterable).map(([a]) => a) : [];
    if (callee === 'zip' || callee === 'product' || callee === 'itertools.product') {
      targets.forEach((target, index) => this.bind(target, given[index]));
    } else if (callee === 'enumerate') {
      targets.slice(1).forEach(target => this.bind(target, given[0]));
    } else {
      targets.forEach(target => this.bindElements(target, iterable));
    }
  }

  private bindElements(target: SyntaxNode, iterable: SyntaxNode): void {
    const nested = /^(?:Array|Tuple)Expression$/.test(iterable.name) ? operandsOf(iterable) : [];
    const tuples = nested.filter(({ name }) => name === 'TupleExpression');
    this.bind(target, iterable);
    tuples.forEach(tuple => operandsOf(tuple).forEach(value => this.bind(target, value)));
  }

  private define(node: SyntaxNode): void {
    const name = node.getChild('VariableName');
    const list = node.getChild('ParamList');
    if (!name || !list) {
      return;
    }
    const words = this.text(name);
    const owner = node.parent?.parent;
    const isMethod = owner?.name === 'ClassDefinition';
    const ownerName = isMethod ? owner.getChild('VariableName') : null;
    const called = words === '__init__' && ownerName ? this.text(ownerName) : words;
    let position = 0;
    for (let child = list.firstChild; child; child = child.nextSibling) {
      if (child.name === 'VariableName' && child.prevSibling?.name !== 'AssignOp') {
        const parameter = this.text(child);
        if (position > 0 || !isMethod || !/^(?:self|cls)$/.test(parameter)) {
          push(this.parameters, parameter, { function: called, position });
          position += 1;
        }
        this.bindDefault(parameter, child);
      }
    }
  }

  private bindDefault(parameter: string, node: SyntaxNode): void {
    const next = node.nextSibling?.name === 'TypeDef' ? node.nextSibling : node;
    const operator = next.nextSibling;
    const path = operator?.name === 'AssignOp' ? this.read(operator.nextSibling) : null;
    if (path !== null) {
      this.add(parameter, path);
    }
  }

  private returns(node: SyntaxNode): void {
    for (let outer = node.parent; outer; outer = outer.parent) {
      if (outer.name === 'FunctionDefinition') {
        const name = outer.getChild('VariableName');
        const path = this.read(node.lastChild);
        if (name && path !== null) {
          this.add(`${this.text(name)}()`, path);
        }
        return;
      }
    }
  }

  private add(name: string, path: PathExpression): void {
    push(this.names, name, path);
  }

  private read(node: SyntaxNode | null | undefined): PathExpression | null {
    const reader: PathReader = { source: this.source, holes: [], depth: 0 };
    return readPath(node, reader);
  }

  private text(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to);
  }
}

function unpacked(node: SyntaxNode): SyntaxNode[] {
  return /^(?:Tuple|Array|Parenthesized)Expression$/.test(node.name) ? operandsOf(node) : [node];
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (!known) {
    map.set(key, [value]);
  } else if (known.length < MOST_VALUES) {
    known.push(value);
  }
}
