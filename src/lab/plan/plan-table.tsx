import type { TranslationBundle } from '@jupyterlab/translation';
import { type JSX, type ReactNode, useState } from 'react';

/** More rows than these are shown only when asked for: a page of thousands is slow and not read. */
export const FIRST_ROWS = 100;

/** Longer tables begin folded: the summary above says how much they hold. */
const OPEN_ROWS = 12;

export type Column<Row> = {
  title: string;
  cell(row: Row): string;
  /** `code` is set in the code font, `number` to the right and without a break. */
  look?: 'code' | 'number';
};

type PlanTableProps<Row> = {
  title: string;
  /** Sum of the sizes, in words. */
  size?: string;
  columns: readonly Column<NoInfer<Row>>[];
  rows: readonly Row[];
  isFolded?: boolean;
  trans: TranslationBundle;
};

/** A section that folds: how many there are, and a table of them. */
export function PlanTable<Row>(props: PlanTableProps<Row>): JSX.Element | null {
  const { title, size, rows, isFolded, trans } = props;
  const [isAll, setAll] = useState(false);
  if (rows.length === 0) {
    return null;
  }
  const shown = isAll ? rows : rows.slice(0, FIRST_ROWS);
  return (
    <Section
      title={title}
      aside={size === undefined ? String(rows.length) : `${rows.length} · ${size}`}
      isOpen={isFolded !== true && rows.length <= OPEN_ROWS}
    >
      <div className="sluice-PlanTable" role="region" aria-label={title} tabIndex={0}>
        <Table {...props} rows={shown} />
      </div>
      {shown.length < rows.length && (
        <button type="button" className="sluice-Button" onClick={() => setAll(true)}>
          {trans.__('Show all %1', rows.length)}
        </button>
      )}
    </Section>
  );
}

type SectionProps = { title: string; aside?: string; isOpen: boolean; children: ReactNode };

/** A heading that opens and closes what is below it. */
export function Section({ title, aside, isOpen, children }: SectionProps): JSX.Element {
  return (
    <details className="sluice-PlanSection" open={isOpen} data-title={title}>
      <summary>
        <h3>{title}</h3>
        {aside !== undefined && <span className="sluice-PlanSection-aside">{aside}</span>}
      </summary>
      {children}
    </details>
  );
}

// Roles are spelled out: narrow views lay the rows out as blocks, which takes a table's own away.
function Table<Row>({ columns, rows }: PlanTableProps<Row>): JSX.Element {
  return (
    <table role="table">
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, look }) => (
            <th key={title} role="columnheader" scope="col" data-look={look}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row, index) => (
          <tr key={index} role="row">
            {columns.map(({ title, look, cell }) => (
              <td key={title} role="cell" data-look={look}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
