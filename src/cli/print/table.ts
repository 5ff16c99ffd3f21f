import { plainText } from './plain-text';

const GAP = '  ';

/** Rows under headings, in columns; cells are cleaned of what could disturb a terminal. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows.map(row => row.map(plainText))];
  const widths = headings.map((_, column) =>
    Math.max(...cells.map(row => [...(row[column] ?? '')].length))
  );
  return cells
    .map(row =>
      row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
    )
    .map(row => `${row.join(GAP).trimEnd()}\n`)
    .join('');
}
