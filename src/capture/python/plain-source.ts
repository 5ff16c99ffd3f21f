import { importedNames } from './imported-names';
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
  const bound: ReturnType<typeof importedNames> = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.trim() === '') {
      continue;
    }
    if (ALL_LINE.test(line)) {
      exported.push(...(line.match(/\w+(?=['"])/g) ?? []));
      continue;
    }
    const found = readLine(line);
    if (found === null) {
      return null;
    }
    const where = { line: index + 1, isOptional: false, isMain: false };
    imports.push(...found.map(each => ({ ...each, ...where })));
    bound.push(...importedNames(line.trim()));
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
    paths: { names: {}, parameters: {}, calls: {}, imported: Object.fromEntries(bound), uses: [] },
    fault: null
  };
}

function readLine(line: string): Pick<ImportFound, 'level' | 'module' | 'names'>[] | null {
  const plain = PLAIN.exec(line)?.[1];
  if (plain !== undefined) {
    return names(plain).map(module => ({ level: 0, module, names: null }));
  }
  const [, dots = '', module = '', taken] = FROM.exec(line) ?? [];
  if (taken === undefined || (dots === '' && module === '')) {
    return null;
  }
  return [{ level: dots.length, module, names: names(taken) }];
}

function names(list: string): string[] {
  return list.split(',').map(each => each.trim().split(/\s/, 1)[0] ?? '');
}
