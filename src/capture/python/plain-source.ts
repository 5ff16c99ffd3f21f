import type { SourceFacts } from './source-facts';
import type { ImportFound, SourceImports } from './source-imports';
import { ALL_LINE } from './sift-source';

const PART = '\\w+(?:\\.\\w+)*(?:\\s+as\\s+\\w+)?';
const PLAIN = new RegExp(`^import\\s+(${PART}(?:\\s*,\\s*${PART})*)\\s*$`);
const TAKEN = '\\w+(?:\\s+as\\s+\\w+)?';
const FROM = new RegExp(
  `^from\\s+(\\.*)\\s*([\\w.]*)\\s+import\\s+(\\*|${TAKEN}(?:\\s*,\\s*${TAKEN})*)\\s*$`
);

/**
 * What a sifted source says that has nothing left but plain imports and `__all__`, as parsing it
 * would tell; null: there is more. Half of all modules are of this kind, and a parser that is not
 * asked costs nothing.
 */
export function plainFacts(lines: readonly string[]): SourceFacts | null {
  const imports: ImportFound[] = [];
  const exported: string[] = [];
  const imported: SourceFacts['paths']['imported'] = {};
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.trim() === '') {
      continue;
    }
    if (ALL_LINE.test(line)) {
      exported.push(...(line.match(/\w+(?=['"])/g) ?? []));
      continue;
    }
    const found = readLine(line, imported);
    if (found === null) {
      return null;
    }
    const where = { line: index + 1, isOptional: false, isMain: false };
    imports.push(...found.map(each => ({ ...each, ...where })));
  }
  const nothing: Omit<SourceImports, 'imports' | 'exported'> = {
    dynamic: [],
    words: [],
    isListing: false,
    runs: [],
    pathEntries: [],
    isBroken: false
  };
  return {
    imports: { ...nothing, imports, exported },
    paths: { names: {}, parameters: {}, calls: {}, imported, uses: [] },
    fault: null
  };
}

type Named = Pick<ImportFound, 'level' | 'module' | 'names'>;

function readLine(line: string, imported: SourceFacts['paths']['imported']): Named[] | null {
  const plain = PLAIN.exec(line)?.[1];
  if (plain !== undefined) {
    return taken(plain).map(({ name: module, alias }) => {
      const top = module.split('.', 1)[0] ?? module;
      imported[alias ?? top] = { module: alias === null ? top : module, name: null };
      return { level: 0, module, names: null };
    });
  }
  const [, dots = '', module = '', list] = FROM.exec(line) ?? [];
  if (list === undefined || (dots === '' && module === '')) {
    return null;
  }
  const names = taken(list);
  for (const { name, alias } of names) {
    imported[alias ?? name] = { module: dots + module, name };
  }
  return [{ level: dots.length, module, names: names.map(({ name }) => name) }];
}

function taken(list: string): { name: string; alias: string | null }[] {
  return list.split(',').map(each => {
    const [name = '', , alias = null] = each.trim().split(/\s+/);
    return { name, alias };
  });
}
