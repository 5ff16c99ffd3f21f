// npm run faults [-- --few] [NAME…]: the fault suites, and their tables in docs/reliability.md.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { findFaultSuites } from './faults/find-suites.mjs';
import { bySuite, readRows, tableOf, withTables } from './faults/tables.mjs';
import { at, checkoutEnv, inVenv } from './setup/checkout.mjs';
import { findNode24 } from './setup/node-24.mjs';
import { runHere } from './setup/run.mjs';
import { PlainError, main, say } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';
import { installDebianPackages } from './setup/steps/debian-packages.mjs';

const document = at('docs/reliability.md');
const notes = at('build/reports/faults.jsonl');

function readArguments() {
  const options = { few: { type: 'boolean', default: false } };
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const suites = findFaultSuites(positionals);
  if (suites.jest.length + suites.pytest.length === 0) {
    throw new PlainError(`no fault suite has "${positionals.join('" or "')}" in its path`, 2);
  }
  return { few: values.few, suites };
}

async function runSuites({ jest, pytest }, few) {
  const env = checkoutEnv({ SLUICE_FAULTS_OUT: notes, SLUICE_TEST_ALL: few ? '0' : '1' });
  const jestArgs = [
    at('node_modules/jest/bin/jest.js'),
    `--config=${at('jest.node.config.js')}`,
    '--maxWorkers=2',
    '--runTestsByPath',
    ...jest
  ];
  const statuses = [
    jest.length > 0 ? await runHere(await findNode24(), jestArgs, { env }) : 0,
    pytest.length > 0 ? await runHere(inVenv('pytest'), ['-q', ...pytest], { env }) : 0
  ];
  return statuses.some(status => status !== 0) ? 1 : 0;
}

/** When and where, and what a zero in so many trials means. */
function wordsOf(rows, loadBefore) {
  const trials = rows.reduce((sum, row) => sum + row.trials, 0);
  const bound = (300 / trials).toPrecision(2);
  const day = new Date().toISOString().slice(0, 10);
  const load = [loadBefore, loadavg()[0]].map(value => value.toFixed(1)).join(' to ');
  return (
    `${day}, ${availableParallelism()} cores, load ${load}. ` +
    `A column that is 0 in all ${trials.toLocaleString('en-US')} trials: below ${bound} % with 95 % certainty.`
  );
}

await main(async () => {
  const { few, suites } = readArguments();
  await installDebianPackages();
  await setUp('all');
  mkdirSync(at('build/reports'), { recursive: true });
  rmSync(notes, { force: true });
  const loadBefore = loadavg()[0];
  const status = await runSuites(suites, few);
  const found = bySuite(existsSync(notes) ? readRows(readFileSync(notes, 'utf8')) : []);
  const tables = new Map(
    [...found].map(([suite, rows]) => [suite, `${tableOf(rows)}\n\n${wordsOf(rows, loadBefore)}`])
  );
  for (const [suite, table] of tables) {
    console.log(`\n${suite}\n${table}`);
  }
  if (status === 0 && !few) {
    writeFileSync(document, withTables(readFileSync(document, 'utf8'), tables));
    say(`the tables are in ${document}`);
  }
  return status;
});
