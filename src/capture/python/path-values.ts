import { baseName, normalizePath } from '../posix-path';
import type { NamedSource } from './data-files';
import { formatValue } from './format-value';
import type { ModuleIndex } from './module-index';
import type { PathExpression, PathPart } from './path-expression';

/** What a path begins at: it decides where the file must lie in the run. */
export type PathBase =
  | { kind: 'cwd' }
  /** The file of a source; `text` is then an absolute path here. */
  | { kind: 'source'; root: string | null }
  | { kind: 'home' }
  /** `folder`: what it is here, or stands for it where this machine has none. */
  | { kind: 'place'; name: string; folder: string };

/** One value of an expression. `text` may have holes, for what only the run tells. */
export type PathValue = { text: string; base: PathBase };

/** Stands in a text for what only the run tells; no path has it. */
export const HOLE_MARK = '\u{f8ff}';

const CWD: PathBase = { kind: 'cwd' };
const MOST_VALUES = 1000;
const MOST_DEPTH = 24;
const MOST_CHARACTERS = 4096;

export type ValuesOptions = {
  modules: ModuleIndex;
  constants: Readonly<Record<string, readonly string[]>>;
  home: string | null;
  /** What `sluice.path` gives here. */
  places: Readonly<Record<string, string>>;
  /** How many values may be made in all. */
  budget: { left: number };
};

/** Evaluates expressions of sources, as far as what is known here goes. */
export class PathValues {
  constructor(private readonly options: ValuesOptions) {}

  /** The values that an expression may have, each once. */
  of(expression: PathExpression, source: NamedSource): PathValue[] {
    return this.evaluate(expression, source, 0);
  }

  private evaluate(expression: PathExpression, source: NamedSource, depth: number): PathValue[] {
    if (depth > MOST_DEPTH || this.options.budget.left <= 0) {
      return [];
    }
    const inner = (part: PathExpression): PathValue[] => this.evaluate(part, source, depth + 1);
    const values = this.ofKind(expression, source, inner, depth);
    this.options.budget.left -= values.length;
    return values.filter(({ text }) => text.length <= MOST_CHARACTERS);
  }

  private ofKind(
    expression: PathExpression,
    source: NamedSource,
    inner: (part: PathExpression) => PathValue[],
    depth: number
  ): PathValue[] {
    switch (expression.kind) {
      case 'text':
        return [{ text: expression.text, base: CWD }];
      case 'hole':
        return [{ text: HOLE_MARK, base: CWD }];
      case 'cwd':
        return [{ text: '.', base: CWD }];
      case 'home':
        return [{ text: this.options.home ?? '/~', base: { kind: 'home' } }];
      case 'name':
        return this.ofName(expression.name, source, depth);
      case 'any':
        return unique(expression.of.flatMap(inner)).slice(0, MOST_VALUES);
      case 'join':
        return product(expression.parts.map(inner), joined);
      case 'sum':
        return product(expression.parts.map(inner), (a, b) => ({ ...a, text: a.text + b.text }));
      case 'range':
        return rangeOf(expression);
      case 'format':
        return inner(expression.of).map(value => ({
          ...value,
          text: formatValue(value.text, expression.spec, HOLE_MARK)
        }));
      default:
        return this.ofPath(expression, source, inner);
    }
  }

  private ofPath(
    expression: PathExpression,
    source: NamedSource,
    inner: (part: PathExpression) => PathValue[]
  ): PathValue[] {
    switch (expression.kind) {
      case 'up':
        return inner(expression.of).map(value => ({
          ...value,
          text: up(value.text, expression.levels)
        }));
      case 'part':
        return inner(expression.of).map(({ text }) => ({
          text: partOf(text, expression.part),
          base: CWD
        }));
      case 'with':
        return product([inner(expression.of), inner(expression.to)], (value, { text }) => ({
          ...value,
          text: changed(value.text, expression.part, text)
        }));
      case 'expand':
        return inner(expression.of).map(value => this.expanded(value));
      case 'file':
        return this.ofFile(expression.module, source);
      case 'package':
        return this.ofPackage(expression.of, source, inner);
      case 'place':
        return inner(expression.of).map(({ text }) => this.placeOf(text));
      default:
        return [];
    }
  }

  private placeOf(name: string): PathValue {
    const folder = valueOf(this.options.places, name) ?? `/${name}`;
    return { text: folder, base: { kind: 'place', name, folder } };
  }

  private expanded(value: PathValue): PathValue {
    const { home } = this.options;
    const { text } = value;
    return text === '~' || text.startsWith('~/')
      ? { text: `${home ?? '/~'}${text.slice(1)}`, base: { kind: 'home' } }
      : value;
  }

  private ofFile(module: string | null, source: NamedSource): PathValue[] {
    const of = module === null ? source : this.options.modules.ofName(module, source);
    return of?.file ? [{ text: of.file, base: { kind: 'source', root: of.root } }] : [];
  }

  private ofPackage(
    of: PathExpression,
    source: NamedSource,
    inner: (part: PathExpression) => PathValue[]
  ): PathValue[] {
    const isOwn =
      (of.kind === 'name' && /^__(?:name|package)__$/.test(of.name)) ||
      (of.kind === 'text' && of.text === '');
    const names = isOwn ? [] : inner(of).map(({ text }) => text);
    const folders = isOwn
      ? [this.options.modules.ownFolder(source)]
      : [
          ...(of.kind === 'name' ? [this.options.modules.folderOfName(of.name, source)] : []),
          ...names.map(name => this.options.modules.folderOf(name))
        ];
    return folders
      .filter(folder => folder !== null)
      .map(({ folder, root }) => ({ text: folder, base: { kind: 'source', root } }));
  }

  /** What a name may be: what the source binds, callers give, other modules have, the kernel holds. */
  private ofName(name: string, source: NamedSource, depth: number): PathValue[] {
    const key = `${source.file ?? source.who}\0${name}`;
    if (this.busy.has(key)) {
      return [];
    }
    const known = this.known.get(key);
    if (known) {
      return known;
    }
    this.busy.add(key);
    const values = unique(this.lookUp(name, source, depth)).slice(0, MOST_VALUES);
    this.busy.delete(key);
    const found = values.length > 0 ? values : [{ text: HOLE_MARK, base: CWD }];
    // What was cut short by a circle may be more elsewhere.
    if (this.busy.size === 0) {
      this.known.set(key, found);
    }
    return found;
  }

  private lookUp(name: string, source: NamedSource, depth: number): PathValue[] {
    const { facts } = source;
    const each = (path: PathExpression, of: NamedSource): PathValue[] =>
      this.evaluate(path, of, depth + 1);
    const bound = (valueOf(facts.names, name) ?? []).flatMap(path => each(path, source));
    const given = this.options.modules
      .argumentsFor(name, source)
      .flatMap(({ path, caller }) => each(path, caller));
    const constants = source.file === null ? this.ofKernel(name) : [];
    const found = [...bound, ...given, ...(bound.length > 0 ? [] : constants)];
    if (found.length > 0) {
      return found;
    }
    const other = this.options.modules.nameElsewhere(name, source);
    if (other !== null) {
      return this.ofName(other.name, other.source, depth + 1);
    }
    return this.ofHolder(name, source, depth);
  }

  private ofKernel(name: string): PathValue[] {
    return (valueOf(this.options.constants, name) ?? []).map(text => ({ text, base: CWD }));
  }

  /** An element that is not known by its key is one of all; `cfg.path` may be a `self.path`. */
  private ofHolder(name: string, source: NamedSource, depth: number): PathValue[] {
    const element = /^(.+)\[[^[\]]*\]$/.exec(name)?.[1];
    if (element !== undefined) {
      return this.ofName(element, source, depth + 1);
    }
    const attribute = /^(?!self\.).+\.(\w+(?:\(\))?)$/.exec(name)?.[1];
    if (attribute === undefined) {
      return [];
    }
    const own = attribute.endsWith('()') ? attribute : `self.${attribute}`;
    return valueOf(source.facts.names, own) ? this.ofName(own, source, depth + 1) : [];
  }

  private readonly busy = new Set<string>();
  private readonly known = new Map<string, PathValue[]>();
}

/** Names of people's code may be those that every object has, such as `constructor`. */
function valueOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function rangeOf({ from, to, step }: { from: number; to: number; step: number }): PathValue[] {
  const values: PathValue[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) {
    if (values.length >= MOST_VALUES) {
      // Too many to ask for one by one: as any number.
      return [{ text: HOLE_MARK, base: CWD }];
    }
    values.push({ text: String(at), base: CWD });
  }
  return values;
}

function product(
  lists: readonly PathValue[][],
  combine: (a: PathValue, b: PathValue) => PathValue
): PathValue[] {
  let values: PathValue[] | null = null;
  for (const list of lists) {
    const before: PathValue[] | null = values;
    values = before ? before.flatMap(a => list.map(b => combine(a, b))) : list;
    values = unique(values.slice(0, MOST_VALUES));
  }
  return values ?? [];
}

function joined(a: PathValue, b: PathValue): PathValue {
  if (b.text.startsWith('/')) {
    return b;
  }
  if (b.text === '') {
    return a;
  }
  return { ...a, text: a.text === '' ? b.text : `${a.text.replace(/\/$/, '')}/${b.text}` };
}

function up(text: string, levels: number): string {
  const tail = Array.from({ length: levels }, () => '..').join('/');
  if (text.startsWith('/')) {
    return normalizePath(`${text}/${tail}`);
  }
  return text === '' ? tail : `${text}/${tail}`;
}

function partOf(text: string, part: PathPart): string {
  const name = baseName(text);
  const dot = name.lastIndexOf('.');
  if (part === 'name' || (dot <= 0 && part === 'stem')) {
    return name;
  }
  return part === 'stem' ? name.slice(0, dot) : dot <= 0 ? '' : name.slice(dot);
}

function changed(text: string, part: PathPart, to: string): string {
  const name = baseName(text);
  const before = text.slice(0, text.length - name.length);
  if (part === 'name') {
    return before + to;
  }
  return part === 'stem'
    ? before + to + partOf(name, 'suffix')
    : before + partOf(name, 'stem') + to;
}

function unique(values: readonly PathValue[]): PathValue[] {
  const seen = new Set<string>();
  return values.filter(({ text, base }) => {
    const key = `${base.kind} ${base.kind === 'place' ? base.name : ''} ${text}`;
    return !seen.has(key) && seen.add(key);
  });
}
