import { mkdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { at, root } from '../setup/checkout.mjs';
import { tryQuietly } from '../setup/run.mjs';

// One run of ESLint answers three questions; these rules belong to the second and third.
const kinds = { 'import-x/no-restricted-paths': 'arrows', 'import-x/no-cycle': 'circles' };

const kindOf = message => kinds[message.ruleId] ?? 'lint';

function linesOf({ filePath, messages }) {
  return messages.map(message => ({
    kind: kindOf(message),
    line: `${relative(root, filePath)}:${message.line}:${message.column} ${message.message} (${message.ruleId})`
  }));
}

/** Splits ESLint's report into lint, arrows and circles. */
export function splitReport(report) {
  const lines = report.flatMap(linesOf);
  return ['lint', 'arrows', 'circles'].map(name => ({
    name,
    problem: lines.flatMap(({ kind, line }) => (kind === name ? [line] : [])).join('\n')
  }));
}

/** Lint, the arrows between the parts and the circles inside them. */
export const checkLint = {
  run: async () => {
    const report = at('build/reports/eslint.json');
    mkdirSync(at('build/reports'), { recursive: true });
    const args = ['--format', 'json', '--output-file', report, '--max-warnings=0', '.'];
    const eslint = at('node_modules/eslint/bin/eslint.js');
    const { status, output } = await tryQuietly(process.execPath, [eslint, ...args]);
    // Status 2: ESLint itself failed, and says so in words.
    return status > 1
      ? [{ name: 'lint', problem: output }]
      : splitReport(JSON.parse(readFileSync(report, 'utf8')));
  }
};
