import { baseName, normalizePath } from '../posix-path';
import type { NamedSource } from './data-files';
import { formatValue } from './format-value';
import type { ModuleIndex } from './module-index';
import { NameMemory } from './name-memory';
import type { PathExpression, PathPart } from './path-expression';
import { PathValueSet } from './path-value-set';
import type { WorkBudget } from './work-budget';

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
const HOLE_VALUES: PathValue[] = [{ text: HOLE_MARK, base: CWD }];
const MOST_VALUES = 1000;
const MOST_DEPTH = 200;
const MOST_CHARACTERS = 4096;

export type ValuesOptions = {
  modules: ModuleIndex;
  constants: Readonly<Record<string, readonly string[]>>;
  home: string | null;
  /** What `sluice.path` gives here. */
  places: Readonly<Record<string, string>>;
  budget: WorkBudget;
};

/** Evaluates expressions of sources, as far as what is known here goes. */
export class PathValues {
  constructor(private readonly options: ValuesOptions) {}

  /** The values that an expression may have, each once. */
  of(expression: PathExpression, source: NamedSource): PathValue[] {
    let known = this.known.get(source);
    if (known === undefined) {
      known = new Map();
      this.known.set(source, known);
    }
    const values = known.get(expression) ?? this.evaluate(expression, source, 0);
    known.set(expression, values);
    return values;
  }

  private evaluate(expression: PathExpression, source: NamedSource, depth: number): PathValue[] {
    if (!this.options.budget.take(1)) {
      return [];
    }
    if (depth > MOST_DEPTH) {
      this.memory.noteCut();
      return [];
    }
    const inner = (part: PathExpression): PathValue[] => this.evaluate(part, source, depth + 1);
    return this.ofKind(expression, source, inner, depth);
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
        return HOLE_VALUES;
      case 'cwd':
        return [{ text: '.', base: CWD }];
      case 'home':
        return [{ text: this.options.home ?? '/~', base: { kind: 'home' } }];
      case 'name':
        return this.ofName(expression.name, source, depth);
      case 'any':
        return this.union(expression.of, inner);
      case 'join':
        return this.product(expression.parts.map(inner), joined);
      case 'sum':
        return this.product(expression.parts.map(inner), added);
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
        return this.product([inner(expression.of), inner(expression.to)], (value, { text }) => ({
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
    if (depth > MOST_DEPTH) {
      this.memory.noteCut();
      return [];
    }
    return this.memory.of(source, name, () => {
      const values = this.lookUp(name, source, depth);
      return values.length > 0 ? values : HOLE_VALUES;
    });
  }

  private lookUp(name: string, source: NamedSource, depth: number): PathValue[] {
    const { facts } = source;
    const found = new PathValueSet(MOST_VALUES);
    for (const path of valueOf(facts.names, name) ?? []) {
      this.addTo(found, path, source, depth);
    }
    const isBound = found.values.length > 0;
    const { budget, modules } = this.options;
    for (const { path, caller } of modules.argumentsFor(name, source, budget)) {
      this.addTo(found, path, caller, depth);
    }
    if (source.file === null && !isBound) {
      this.ofKernel(name).forEach(value => found.add(value));
    }
    if (found.values.length > 0) {
      return found.values;
    }
    const other = this.options.modules.nameElsewhere(name, source);
    if (other !== null) {
      return this.ofName(other.name, other.source, depth + 1);
    }
    return this.ofHolder(name, source, depth);
  }

  private addTo(
    found: PathValueSet,
    path: PathExpression,
    source: NamedSource,
    depth: number
  ): void {
    if (!found.isFull) {
      this.addAll(found, this.evaluate(path, source, depth + 1));
    }
  }

  private addAll(found: PathValueSet, values: readonly PathValue[]): void {
    for (const value of values) {
      if (found.isFull || !this.offer(found, value)) {
        return;
      }
    }
  }

  private union(
    parts: readonly PathExpression[],
    inner: (part: PathExpression) => PathValue[]
  ): PathValue[] {
    const found = new PathValueSet(MOST_VALUES);
    for (const part of parts) {
      if (!found.isFull) {
        this.addAll(found, inner(part));
      }
    }
    return found.values;
  }

  /** One of each list, in each way; what is longer than any path is none. */
  private product(
    lists: readonly (readonly PathValue[])[],
    combine: (a: PathValue, b: PathValue) => PathValue
  ): PathValue[] {
    const [first = [], ...rest] = lists;
    let values = first;
    for (const list of rest) {
      const found = new PathValueSet(MOST_VALUES);
      for (const a of values) {
        const isDone = list.some(b => !this.offer(found, combine(a, b)));
        if (isDone) {
          break;
        }
      }
      values = found.values;
    }
    return [...values];
  }

  /** Whether more may be offered. */
  private offer(found: PathValueSet, value: PathValue): boolean {
    if (value.text.length <= MOST_CHARACTERS) {
      found.add(value);
    }
    // A long text takes its time, too.
    return !found.isFull && this.options.budget.take(1 + (value.text.length >> 7));
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

  private readonly memory = new NameMemory();
  private readonly known = new Map<NamedSource, Map<PathExpression, PathValue[]>>();
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
      return HOLE_VALUES;
    }
    values.push({ text: String(at), base: CWD });
  }
  return values;
}

function added(a: PathValue, b: PathValue): PathValue {
  return { ...a, text: a.text + b.text };
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
