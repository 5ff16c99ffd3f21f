import type { Capture, NamedSource } from '../../shared/wire/capture';
import { blankMagics } from './blank-magics';
import type { ImportBinding } from './bound-names';
import { BUILT_IN_NAMES } from './built-in-names';
import { hiddenMakers } from './hidden-makers';
import { type NameBinding, namesOf } from './names-of';
import { searchPathStatements } from './search-path-statements';

/** A name whose value only a kernel has. */
export type UnknownVariable = { name: string; type: string; why: string };

/** What a saved notebook alone tells of a cell; the fields are those of a capture. */
export type NotebookNames = Pick<Capture, 'reads' | 'imports' | 'constants' | 'sources'> & {
  variables: UnknownVariable[];
};

export type NotebookQuestion = {
  /** The code cells before it, as they were typed. */
  cellsAbove: readonly string[];
  cell: string;
  /** Names that the person wants sent, and those that shall stay. */
  include?: readonly string[];
  exclude?: readonly string[];
};

type Made = { binding: NameBinding; cell: number };

/** Read a saved notebook as if its cells had run in their order. */
export function notebookNames(question: NotebookQuestion): NotebookNames {
  const { cellsAbove, cell, include = [], exclude = [] } = question;
  const plain = cellsAbove.map(blankMagics);
  const makers = [...cellsAbove, cell].flatMap((source, index) => {
    const where = index < cellsAbove.length ? `cell ${index + 1}` : 'the cell itself';
    return hiddenMakers(source, blankMagics(source)).map(each => `${each} in ${where}`);
  });
  const collector = new Collector(bindingsOf(plain), new Set(exclude), makers);
  plain.forEach((source, index) => {
    collector.follow(searchPathStatements(source), index + 1);
  });
  const { reads } = namesOf(blankMagics(cell));
  reads.forEach((isSure, name) => {
    collector.want(name, 'read by the cell', isSure);
  });
  include.forEach(name => {
    collector.want(name, 'asked for with -i', true);
  });
  collector.run();
  return { ...collector.result(), reads: [...reads.keys()] };
}

/** Who made each name last. */
function bindingsOf(cells: readonly string[]): Map<string, Made> {
  const made = new Map<string, Made>();
  cells.forEach((source, index) => {
    namesOf(source).binds.forEach((binding, name) => made.set(name, { binding, cell: index + 1 }));
  });
  return made;
}

type Wanted = { name: string; why: string; isSure: boolean };

class Collector {
  private readonly found: Omit<NotebookNames, 'reads' | 'sources'> = {
    imports: [],
    constants: {},
    variables: []
  };
  private readonly definitions: NamedSource[] = [];
  /** Statements of cells above, by the number of the cell. */
  private readonly statements = new Map<number, string[]>();
  private readonly wanted: Wanted[] = [];
  private readonly seen = new Set<string>();

  constructor(
    private readonly made: ReadonlyMap<string, Made>,
    private readonly excluded: ReadonlySet<string>,
    /** What makes names that no text tells. */
    private readonly makers: readonly string[]
  ) {}

  want(name: string, why: string, isSure: boolean): void {
    if (!this.seen.has(name) && !this.excluded.has(name)) {
      this.seen.add(name);
      this.wanted.push({ name, why, isSure });
    }
  }

  /** Statements of a cell above that count beside the cell. */
  follow(statements: readonly string[], cell: number): void {
    if (statements.length > 0) {
      this.statements.set(cell, [...(this.statements.get(cell) ?? []), ...statements]);
    }
  }

  run(): void {
    for (let next = this.wanted.shift(); next; next = this.wanted.shift()) {
      this.take(next);
    }
  }

  result(): Omit<NotebookNames, 'reads'> {
    const cells = [...this.statements].sort(([a], [b]) => a - b);
    const sources = cells.map(([cell, lines]) => ({
      name: `cell ${cell}`,
      source: lines.join('\n')
    }));
    return { ...this.found, sources: [...sources, ...this.definitions] };
  }

  private take({ name, why, isSure }: Wanted): void {
    const made = this.made.get(name);
    if (made === undefined) {
      if (isSure && !BUILT_IN_NAMES.has(name)) {
        const words =
          this.makers.length === 0
            ? 'no cell above makes it, its value is in a live kernel'
            : `perhaps made by ${this.makers.join(' or ')}; its value is in a live kernel`;
        this.add(name, 'unknown', `${why}; ${words}`);
      }
      return;
    }
    const { binding, cell } = made;
    const value = `${why}; its value is in a live kernel, made in cell ${cell}`;
    switch (binding.kind) {
      case 'import':
        this.addImport(name, binding.import, cell);
        break;
      case 'function':
      case 'class':
        this.add(
          name,
          binding.kind === 'class' ? 'type' : 'function',
          `${why}; defined in cell ${cell}`
        );
        this.definitions.push({ name, source: binding.source });
        binding.reads.forEach(each => {
          this.want(each, `read by ${name}`, true);
        });
        break;
      case 'constant':
        this.found.constants[name] = binding.texts;
        this.add(name, 'unknown', value);
        break;
      case 'value':
        this.add(name, 'unknown', value);
    }
  }

  private add(name: string, type: string, why: string): void {
    this.found.variables.push({ name, type, why });
  }

  private addImport(name: string, { level, module, attribute }: ImportBinding, cell: number): void {
    if (level > 0) {
      // A notebook is in no package: the kernel refused it.
      return;
    }
    const isTop = attribute === null && module.startsWith(`${name}.`);
    this.found.imports.push({ name, module: isTop ? name : module, attribute });
    const words = attribute === null ? `import ${module}` : `from ${module} import ${attribute}`;
    this.follow([words], cell);
  }
}
