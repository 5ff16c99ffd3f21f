import type { CorpusCase } from './corpus-case';

/** The corpus by area and rule, as the documentation shows it. */
export function renderCorpusTable(cases: readonly CorpusCase[]): string {
  const rules = new Map<string, string[]>();
  for (const { rules: own, title } of cases) {
    own.forEach(rule => rules.set(rule, [...(rules.get(rule) ?? []), title]));
  }
  const rows = [...rules].sort(([a], [b]) => (a < b ? -1 : 1)).map(toRow);
  return [
    '| area | rule | cases | among them |',
    '|---|---|---|---|',
    ...rows,
    `| all | ${rules.size} rules | ${cases.length} | |`,
    ''
  ].join('\n');
}

function toRow([rule, titles]: readonly [string, string[]]): string {
  const [area = '', name = ''] = rule.split('/');
  return `| ${area} | ${name} | ${titles.length} | ${(titles[0] ?? '').replaceAll('|', '\\|')} |`;
}
