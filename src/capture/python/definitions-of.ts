import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import { parser } from '@lezer/python';
import { constantText } from './call-facts';
import { lineFinder } from './line-finder';

/** A function at the top of a module, or a method of a class there. */
export type Definition = {
  name: string;
  /** Of the class around it; null: none. */
  className: string | null;
  firstLine: number;
  lastLine: number;
  /** Identifiers in it, and those that its strings spell. */
  words: ReadonlySet<string>;
  /** Called by others than the code that names it: by what a decorator gave it to, or by Python. */
  isHook: boolean;
};

/** What a module's text says of who may call whom. */
export type Definitions = {
  definitions: readonly Definition[];
  /** Words of what runs when the module is imported. */
  words: ReadonlySet<string>;
  /** Whether it reaches for things by names that only running it tells. */
  isDynamic: boolean;
};

const PASSIVE_DECORATOR =
  /^@\s*(?:\w+\.)*(?:staticmethod|classmethod|property|\w+\.setter|cached_property|lru_cache|cache|njit|jit|wraps|contextmanager|overload|dataclass)\b/;
const DYNAMIC = /^(?:globals|locals|vars|eval|exec|__dict__|attrgetter|methodcaller)$/;
const SPELLED = /^[A-Za-z_][\w.:]*$/;
const MAIN_GUARD = /^__name__\s*==\s*['"]__main__['"]$/;
const MOST_CHARACTERS = 200;

type Open = { words: Set<string>; end: number };

/** Read a module for its functions and methods and the words in each. */
export function definitionsOf(source: string): Definitions {
  const definitions: Definition[] = [];
  const top = new Set<string>();
  const lineAt = lineFinder(source);
  const open: Open[] = [];
  let isDynamic = false;
  const wordsAt = (place: number): Set<string> => {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= place) {
      open.pop();
    }
    return open.at(-1)?.words ?? top;
  };
  const add = (place: number, word: string): void => {
    isDynamic ||= DYNAMIC.test(word);
    wordsAt(place).add(word);
  };
  parser.parse(source).iterate({
    enter: ref => {
      if (ref.name === 'Body' && isMainGuarded(ref.node, source)) {
        return false;
      }
      if (ref.name === 'FunctionDefinition' && wordsAt(ref.from) === top) {
        const words = new Set<string>();
        definitions.push({ ...describe(ref.node, source), ...linesOf(ref, lineAt), words });
        open.push({ words, end: ref.to });
      } else if (/^(?:Variable|Property)Name$/.test(ref.name) && !isOwnName(ref.node)) {
        add(ref.from, source.slice(ref.from, ref.to));
      } else if (ref.name === 'String' && ref.to - ref.from <= MOST_CHARACTERS) {
        const text = constantText(ref.node, source) ?? '';
        (SPELLED.test(text) ? text.split(/[.:]/) : []).forEach(word => add(ref.from, word));
      } else if (ref.name === 'CallExpression') {
        isDynamic ||= isComputedGetattr(ref.node, source);
      }
      return true;
    }
  });
  return { definitions, words: top, isDynamic };
}

function linesOf(
  { from, to }: SyntaxNodeRef,
  lineAt: (place: number) => number
): { firstLine: number; lastLine: number } {
  return { firstLine: lineAt(from), lastLine: lineAt(to) };
}

function describe(
  node: SyntaxNode,
  source: string
): Pick<Definition, 'name' | 'className' | 'isHook'> {
  const word = (part: SyntaxNode | null | undefined): string =>
    part ? source.slice(part.from, part.to) : '';
  const name = word(node.getChild('VariableName'));
  const holder = enclosingClass(node);
  const decorated = node.parent?.name === 'DecoratedStatement' ? node.parent : null;
  const isDecorated = (decorated?.getChildren('Decorator') ?? []).some(
    each => !PASSIVE_DECORATOR.test(word(each))
  );
  return {
    name,
    className: holder ? word(holder.getChild('VariableName')) : null,
    isHook: isDecorated || /^__\w+__$/.test(name)
  };
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

function isMainGuarded(body: SyntaxNode, source: string): boolean {
  const test = body.prevSibling;
  return (
    body.parent?.name === 'IfStatement' &&
    test !== null &&
    test.prevSibling?.name === 'if' &&
    MAIN_GUARD.test(source.slice(test.from, test.to))
  );
}

function isComputedGetattr(call: SyntaxNode, source: string): boolean {
  const callee = call.firstChild;
  if (!callee || source.slice(callee.from, callee.to) !== 'getattr') {
    return false;
  }
  const list = call.getChild('ArgList');
  const comma = list?.getChild(',');
  return comma?.nextSibling ? constantText(comma.nextSibling, source) === null : false;
}
