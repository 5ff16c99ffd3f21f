import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import { parser } from '@lezer/python';
import { argumentsOf, constantText } from './call-facts';
import { readImportStatement } from './import-statement';
import { type LineFinder, lineFinder } from './line-finder';

/** Code that runs as one: a function with all inside it, or what a module does when imported. */
export type CodeWords = {
  /** Identifiers in it, and those that its strings spell. */
  words: ReadonlySet<string>;
  /** Names of objects in which it looks for a name that only running it tells; `*`: in anything. */
  lookups: ReadonlySet<string>;
};

/** A function at the top of a module, or a method of a class there. */
export type Definition = CodeWords & {
  name: string;
  /** Of the class around it; null: none. */
  className: string | null;
  firstLine: number;
  lastLine: number;
  /** Called by others than the code that names it: by what a decorator gave it to, or by Python. */
  isHook: boolean;
};

/** What a module's text says of who may call whom. */
export type Definitions = CodeWords & {
  definitions: readonly Definition[];
  /** What imported names stand for, dotted. */
  imported: ReadonlyMap<string, string>;
};

const PASSIVE_DECORATOR =
  /^@\s*(?:\w+\.)*(?:staticmethod|classmethod|property|\w+\.setter|cached_property|lru_cache|cache|njit|jit|wraps|contextmanager|overload|dataclass)\b/;
const ANYTHING = /^(?:globals|eval|exec|attrgetter|methodcaller|import_module|__import__)$/;
const SPELLED = /^[A-Za-z_][\w.:]*$/;
const MAIN_GUARD = /^__name__\s*==\s*['"]__main__['"]$/;
const HEAD = /^[\p{L}_][\p{L}\p{N}_]*/u;
const MOST_CHARACTERS = 200;

/** Read a module for its functions and methods and the words in each. */
export function definitionsOf(source: string): Definitions {
  const walk = new DefinitionWalk(source);
  parser.parse(source).iterate({ enter: ref => walk.enter(ref) });
  return { ...walk.top, definitions: walk.definitions, imported: walk.imported };
}

type OpenCode = { words: Set<string>; lookups: Set<string>; end: number };

class DefinitionWalk {
  readonly definitions: Definition[] = [];
  readonly imported = new Map<string, string>();
  readonly top: OpenCode = { words: new Set(), lookups: new Set(), end: Infinity };

  constructor(private readonly source: string) {
    this.lineAt = lineFinder(source);
  }

  /** Whether to look inside. */
  enter(ref: SyntaxNodeRef): boolean {
    if (ref.name === 'Body' && this.isMainGuarded(ref.node)) {
      return false;
    }
    const code = this.codeAt(ref.from);
    if (ref.name === 'FunctionDefinition' && code === this.top) {
      this.open(ref);
    } else if (ref.name === 'ImportStatement') {
      const { aliases } = readImportStatement(ref.node, this.source);
      aliases.forEach(({ name, meaning }) => this.imported.set(name, meaning));
    } else if (/^(?:Variable|Property)Name$/.test(ref.name) && !isOwnName(ref.node)) {
      this.addWord(code, this.text(ref));
    } else if (ref.name === 'String' && ref.to - ref.from <= MOST_CHARACTERS) {
      const text = constantText(ref.node, this.source) ?? '';
      (SPELLED.test(text) ? text.split(/[.:]/) : []).forEach(word => code.words.add(word));
    } else if (ref.name === 'CallExpression') {
      this.addLookup(code, ref.node);
    }
    return true;
  }

  private codeAt(place: number): OpenCode {
    if (this.current.end <= place) {
      this.current = this.top;
    }
    return this.current;
  }

  private open(ref: SyntaxNodeRef): void {
    const words = new Set<string>();
    const lookups = new Set<string>();
    const end = ref.from + this.text(ref).trimEnd().length;
    const lines = { firstLine: this.lineAt(ref.from), lastLine: this.lineAt(end) };
    this.definitions.push({ ...this.describe(ref.node), ...lines, words, lookups });
    this.current = { words, lookups, end: ref.to };
  }

  private addWord(code: OpenCode, word: string): void {
    code.words.add(word);
    if (ANYTHING.test(word)) {
      code.lookups.add('*');
    }
  }

  /** `getattr(x, computed)` and `vars(x)`. */
  private addLookup(code: OpenCode, call: SyntaxNode): void {
    const callee = this.text(call.firstChild);
    const [object, name] = argumentsOf(call);
    const isComputed = name?.[0] !== undefined && constantText(name[0], this.source) === null;
    if (object?.[0] && (callee === 'vars' || (callee === 'getattr' && isComputed))) {
      code.lookups.add(HEAD.exec(this.text(object[0]))?.[0] ?? '*');
    }
  }

  private describe(node: SyntaxNode): Pick<Definition, 'name' | 'className' | 'isHook'> {
    const name = this.text(node.getChild('VariableName'));
    const holder = enclosingClass(node);
    const decorated = node.parent?.name === 'DecoratedStatement' ? node.parent : null;
    const isDecorated = (decorated?.getChildren('Decorator') ?? []).some(
      each => !PASSIVE_DECORATOR.test(this.text(each))
    );
    return {
      name,
      className: holder ? this.text(holder.getChild('VariableName')) : null,
      isHook: isDecorated || /^__\w+__$/.test(name)
    };
  }

  private isMainGuarded(body: SyntaxNode): boolean {
    const test = body.prevSibling;
    const isIf = body.parent?.name === 'IfStatement' && test?.prevSibling?.name === 'if';
    return isIf && MAIN_GUARD.test(this.text(test));
  }

  private text(part: { from: number; to: number } | null | undefined): string {
    return part ? this.source.slice(part.from, part.to) : '';
  }

  private readonly lineAt: LineFinder;
  private current: OpenCode = this.top;
}

function enclosingClass(node: SyntaxNode): SyntaxNode | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (outer.name === 'ClassDefinition') {
      return outer;
    }
  }
  return null;
}

/** A definition does not call itself. */
function isOwnName({ parent }: SyntaxNode): boolean {
  return parent?.name === 'FunctionDefinition' || parent?.name === 'ClassDefinition';
}
