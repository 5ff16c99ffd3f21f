import type { TranslationBundle } from '@jupyterlab/translation';
import type { Obstacle } from '../../shared/wire/capture';
import type { CaptureChoice } from '../kernel/ask-capture';
import type { Option, Question } from './choose';

/** A value over the limit, and what could be done instead of sending all of it. */
export type LargeValue = {
  name: string;
  size: string;
  limit: string;
  /** The cells that made it: their text, and their numbers in words. */
  recipe: { text: string; cells: string } | null;
  /** Why there is no recipe; null: nobody says. */
  recipeProblem: string | null;
  /** The columns that the cell names, and how large they are together. */
  columns: { names: string[]; size: string } | null;
};

/** What a person chose for a value that is too large. */
export type Way = 'recompute' | 'columns' | 'exclude';

/** The first value that is too large among what forbids a run; null: none. */
export function largeValueOf(obstacles: readonly Obstacle[]): LargeValue | null {
  const details = obstacles.find(({ code }) => code === 'variable-too-large')?.details;
  const text = (key: string): string | null => {
    const value = details?.[key];
    return value === undefined || value === null || value === '' ? null : String(value);
  };
  const name = text('name');
  if (name === null) {
    return null;
  }
  const recipe = text('recipe');
  const columns = text('columns');
  return {
    name,
    size: text('size') ?? '?',
    limit: text('limit') ?? '?',
    recipe: recipe === null ? null : { text: recipe, cells: text('recipeCells') ?? '' },
    recipeProblem: text('recipeProblem'),
    columns: columns === null ? null : { names: namesOf(columns), size: text('columnsSize') ?? '?' }
  };
}

/** A list in JSON: details are flat on the wire, and the name of a column may hold anything. */
function namesOf(columns: string): string[] {
  return (JSON.parse(columns) as unknown[]).map(String);
}

/** What the kernel is asked the next time. */
export function withWay(choice: CaptureChoice, value: LargeValue, way: Way): CaptureChoice {
  const { name, columns } = value;
  switch (way) {
    case 'recompute':
      return { ...choice, recompute: [...(choice.recompute ?? []), name] };
    case 'columns':
      return { ...choice, columns: { ...choice.columns, [name]: columns?.names ?? [] } };
    case 'exclude':
      return { ...choice, exclude: [...(choice.exclude ?? []), name] };
  }
}

/** The question that offers the ways on. */
export function largeValueQuestion(value: LargeValue, trans: TranslationBundle): Question<Way> {
  const { name, size, limit, recipe, recipeProblem, columns } = value;
  const options: Option<Way>[] = [];
  if (recipe) {
    const { cells } = recipe;
    const label = cells.includes(',')
      ? trans.__('Make it there again by running the cells [%1]', cells)
      : trans.__('Make it there again by running the cell [%1]', cells);
    options.push({ value: 'recompute', label, code: recipe.text });
  }
  if (columns) {
    const list = columns.names.map(one => `“${one}”`).join(', ');
    const label = trans._n(
      'Send only the column %2 (%3)',
      'Send only the columns %2 (%3)',
      columns.names.length,
      list,
      columns.size
    );
    options.push({ value: 'columns', label });
  }
  options.push({ value: 'exclude', label: trans.__('Leave it out') });
  const words = trans.__('It has %1; the limit is %2.', size, limit);
  const why =
    recipe === null && recipeProblem !== null
      ? ` ${trans.__('It cannot be made there again: %1.', recipeProblem)}`
      : '';
  return {
    title: trans.__('“%1” is too large to send', name),
    words: words + why,
    options,
    accept: trans.__('Run on Slurm'),
    cancel: trans.__('Do not run')
  };
}
