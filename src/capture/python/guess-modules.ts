import { absoluteText, type Importer, packageOf } from './absolute-name';
import { textsOf, type TextScope, UNKNOWN } from './expression-texts';
import type { ModuleFinder } from './module-finder';
import { namesIn, type PathExpression } from './path-expression';

/** What an import whose module is no constant may mean. */
export type ModuleGuess = {
  modules: string[];
  /** Whether it can mean nothing else. */
  isCertain: boolean;
};

export type GuessOptions = {
  /** What is known of the module's name; null: nothing. */
  name: PathExpression | null;
  scope: TextScope;
  importer: Importer;
  /** Constants of the source that look like names of modules. */
  words: readonly string[];
  /** Whether the source lists folders: then any module in them may be meant. */
  isListing: boolean;
  finder: ModuleFinder;
};

/** More than a person would want to travel on a guess. */
const MOST_GUESSES = 200;

/** The local modules that an import may mean, as far as its text and the disk tell. */
export async function guessModules(options: GuessOptions): Promise<ModuleGuess> {
  const { name, scope, importer } = options;
  const texts = name === null ? [UNKNOWN] : textsOf(name, scope);
  const found = new Set<string>();
  for (const text of texts) {
    const absolute = absoluteText(text, importer);
    for (const module of absolute === null ? [] : await modulesFor(absolute, options)) {
      found.add(module);
    }
  }
  const modules = found.size > MOST_GUESSES ? [] : [...found].sort();
  return { modules, isCertain: isCertain(texts, name, scope) };
}

/** Only the kernel's values are sure: other bindings may not have been seen. */
function isCertain(texts: string[], name: PathExpression | null, scope: TextScope): boolean {
  const names = name === null ? [] : namesIn(name);
  const areSure = names.every(
    each => Object.hasOwn(scope.constants, each) && !Object.hasOwn(scope.names, each)
  );
  return name !== null && areSure && texts.every(text => !text.includes(UNKNOWN));
}

async function modulesFor(text: string, options: GuessOptions): Promise<string[]> {
  if (!text.includes(UNKNOWN)) {
    return [text];
  }
  if (text.startsWith(UNKNOWN)) {
    return namedByWords(options);
  }
  // What is put behind a package's own name begins with a dot.
  const own = packageOf(options.importer);
  const isOwn = own !== null && text.startsWith(own + UNKNOWN);
  return matching(isOwn ? `${own}.${text.slice(own.length)}` : text, options);
}

/** Nothing is known: perhaps the source names the modules in a list or a table. */
async function namedByWords({ words, importer, finder }: GuessOptions): Promise<string[]> {
  const found: string[] = [];
  for (const word of words) {
    const module = absoluteText(word, importer);
    if (module !== null && (await finder.find(module)).kind === 'file') {
      found.push(module);
    }
  }
  return found;
}

/** `plug_?`, `package.?`, `package.?.part`: what lies there. */
async function matching(text: string, options: GuessOptions): Promise<string[]> {
  let parents: (string | null)[] = [null];
  for (const part of text.split('.')) {
    const next = await Promise.all(
      parents.map(async parent => {
        const names = part.includes(UNKNOWN) ? await namesLike(parent, part, options) : [part];
        return names.map(name => (parent === null ? name : `${parent}.${name}`));
      })
    );
    parents = next.flat().slice(0, MOST_GUESSES + 1);
  }
  return parents.filter(parent => parent !== null);
}

async function namesLike(
  parent: string | null,
  part: string,
  { finder, words, isListing }: GuessOptions
): Promise<string[]> {
  const pattern = new RegExp(`^${part.split(UNKNOWN).map(escaped).join('.*')}$`, 'u');
  const names = (await finder.namesIn(parent)).filter(name => pattern.test(name));
  if (part !== UNKNOWN || isListing) {
    return names;
  }
  // A package that loads its parts when they are asked for names them in a table.
  const leaves = new Set(words.map(word => word.slice(word.lastIndexOf('.') + 1)));
  const named = names.filter(name => leaves.has(name));
  return named.length > 0 ? named : names;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
