import { compare } from './compare.ts';
import type { Figure, Sample, Section } from './figure.ts';
import { summarise } from './summarise.ts';

const COLUMNS = ['figure', 'ours', 'beside', 'ratio', 'in rounds', 'wanted', ''] as const;

/** A section as Markdown that is also readable in a terminal. */
export function renderSection({ title, figures, notes }: Section): string {
  const rows = [COLUMNS, ...figures.map(cellsOf)];
  const widths = COLUMNS.map((_, column) =>
    Math.max(3, ...rows.map(row => (row[column] ?? '').length))
  );
  const [head, ...body] = rows.map(row => renderRow(row, widths));
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`;
  const table = figures.length === 0 ? [] : [head, rule, ...body, ''];
  return [`### ${title}`, '', ...table, ...notes.map(note => `- ${note}`), ''].join('\n');
}

function renderRow(cells: readonly string[], widths: readonly number[]): string {
  return `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
}

function cellsOf(figure: Figure): string[] {
  const { ratio, spread, verdict } = compare(figure);
  const beside = renderSample(figure.beside, figure.unit);
  return [
    figure.name,
    renderSample(figure.ours, figure.unit),
    figure.earlier === undefined ? beside : `${beside}; not in this run: ${figure.earlier}`,
    renderRatio(ratio),
    `${renderRatio(spread.median)} [${renderRatio(spread.lowerQuartile)}–` +
      `${renderRatio(spread.upperQuartile)}] (${renderRatio(spread.min)}–${renderRatio(spread.max)}, n ${spread.count})`,
    figure.wanted === null ? '–' : `≤ ${figure.wanted}`,
    { within: 'as wanted', over: 'OVER', informs: '' }[verdict]
  ];
}

function renderSample({ label, values }: Sample, unit: Figure['unit']): string {
  return `${label} ${renderValue(summarise(values).median)} ${unit}`;
}

/** Three digits are as many as such a figure has. */
export function renderValue(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function renderRatio(ratio: number): string {
  return ratio >= 0.1 ? ratio.toFixed(2) : ratio.toPrecision(2);
}
