import { plainText } from './plain-text';

const GAP = '  ';
/** A cell may be longer; the others need not make room for it. */
const MOST_WIDTH = 60;

const lengthOf = (cell: string | undefined): number => [...(cell ?? '')].length;

/** Rows under headings, in columns; cells are cleaned of what could disturb a terminal. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows.map(row => row.map(plainText))];
  const widths = headings.map((_, column) =>
    cells.reduce((widest, row) => {
      const length = lengthOf(row[column]);
      return length > MOST_WIDTH ? widest : Math.max(widest, length);
    }, 0)
  );
  return cells
    .map(row =>
      row.map(
        (cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - lengthOf(cell)))
      )
    )
    .map(row => `${row.join(GAP).trimEnd()}\n`)
    .join('');
}
