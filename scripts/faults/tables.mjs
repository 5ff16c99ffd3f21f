/** The rows that the suites noted, one JSON text a line. */
export function readRows(text) {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

/** The rows by suite; what several files noted of the same point is one row. */
export function bySuite(rows) {
  const suites = new Map();
  for (const row of rows) {
    const points = suites.get(row.suite) ?? new Map();
    suites.set(row.suite, points);
    points.set(row.point, joined(points.get(row.point), row));
  }
  return new Map([...suites].map(([suite, points]) => [suite, [...points.values()]]));
}

function joined(former, row) {
  if (former === undefined) {
    return { ...row, counts: { ...row.counts } };
  }
  const counts = { ...former.counts };
  for (const [name, count] of Object.entries(row.counts)) {
    counts[name] = (counts[name] ?? 0) + count;
  }
  return { ...former, trials: former.trials + row.trials, counts };
}

const inWords = count => count.toLocaleString('en-US');

/** One suite's rows as a Markdown table, with their sum where there are several. */
export function tableOf(rows) {
  const columns = [...new Set(rows.flatMap(({ counts }) => Object.keys(counts)))];
  const cells = ({ point, trials, counts }) => [
    point.replaceAll('|', '\\|'),
    inWords(trials),
    ...columns.map(name => (counts[name] === undefined ? '–' : inWords(counts[name])))
  ];
  const all = rows.reduce(joined);
  const body = rows.length > 1 ? [...rows, { ...all, point: 'all' }] : rows;
  const line = words => `| ${words.join(' | ')} |`;
  const rule = `|---|${'---:|'.repeat(columns.length + 1)}`;
  return [line(['', 'trials', ...columns]), rule, ...body.map(row => line(cells(row)))].join('\n');
}

const opening = suite => `<!-- table ${suite} -->`;
const closing = '<!-- end of the table -->';

/** The document with each of the tables between its marks, or at its end where it has none yet. */
export function withTables(document, tables) {
  let text = document;
  for (const [suite, table] of tables) {
    const block = `${opening(suite)}\n${table}\n${closing}`;
    const from = text.indexOf(opening(suite));
    const to = text.indexOf(closing, from);
    text =
      from === -1 || to === -1
        ? `${text.trimEnd()}\n\n## ${suite}\n\n${block}\n`
        : text.slice(0, from) + block + text.slice(to + closing.length);
  }
  return text;
}
