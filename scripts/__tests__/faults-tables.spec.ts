import { bySuite, readRows, tableOf, withTables, type Row } from '../faults/tables.mjs';

const row = (point: string, trials: number, counts: Row['counts'], suite = 'submit'): Row => ({
  suite,
  point,
  trials,
  counts
});

describe('the tables of the fault suites', () => {
  it('join what several files noted of one point, by suite', () => {
    const rows = [
      row('cut', 10, { duplicates: 0, unknown: 1 }),
      row('ends', 5, { wrong: 0 }, 'ends'),
      row('cut', 20, { duplicates: 2 })
    ];
    const text = rows.map(each => `${JSON.stringify(each)}\n`).join('');
    expect(bySuite(readRows(text))).toEqual(
      new Map([
        ['submit', [row('cut', 30, { duplicates: 2, unknown: 1 })]],
        ['ends', [rows[1]]]
      ])
    );
  });

  it('have every column, a dash where a row has none, and the sum', () => {
    const rows = [row('a | b', 1000, { lost: 0 }), row('c', 234, { lost: 0, late: 7 })];
    expect(tableOf(rows).split('\n')).toEqual([
      '|  | trials | lost | late |',
      '|---|---:|---:|---:|',
      '| a \\| b | 1,000 | 0 | – |',
      '| c | 234 | 0 | 7 |',
      '| all | 1,234 | 0 | 7 |'
    ]);
  });

  it('take the place of the former ones, and leave the words', () => {
    const document =
      '# R\n\nWords.\n\n<!-- table submit -->\nold\n<!-- end of the table -->\n\nMore.\n';
    const first = withTables(document, new Map([['submit', '| new |']]));
    expect(first).toBe(document.replace('old', '| new |'));
    const both = withTables(first, new Map([['ends', '| x |']]));
    expect(both).toBe(
      `${first}\n## ends\n\n<!-- table ends -->\n| x |\n<!-- end of the table -->\n`
    );
    expect(withTables(both, new Map([['ends', '| y |']]))).toBe(both.replace('| x |', '| y |'));
  });
});
