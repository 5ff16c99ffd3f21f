// npm test [-- --suite NAME [ARGUMENTS OF ITS RUNNER]]: every suite in turn, a table, one line of counts.
import { parseArgs } from 'node:util';
import { findNode24 } from './setup/node-24.mjs';
import { PlainError, main } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';
import { installDebianPackages } from './setup/steps/debian-packages.mjs';
import { runSuite } from './test/run-suite.mjs';
import { suites } from './test/suites.mjs';
import { tableOf, totalOf } from './test/table.mjs';

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      suite: { type: 'string', multiple: true },
      // Also what is meant to be run by hand only: the full matrices and fault counts.
      all: { type: 'boolean', default: false }
    }
  });
  const names = values.suite ?? suites.map(({ name }) => name);
  const unknown = names.filter(name => !suites.some(suite => suite.name === name));
  if (unknown.length > 0) {
    const known = suites.map(({ name }) => name).join(', ');
    throw new PlainError(`no suite "${unknown.join(', ')}": one of ${known}`, 2);
  }
  if (positionals.length > 0 && names.length !== 1) {
    throw new PlainError('arguments for a runner need one --suite', 2);
  }
  return { names, all: values.all, extraArgs: positionals };
}

await main(async () => {
  const { names, all, extraArgs } = readArguments();
  await installDebianPackages();
  await setUp('all');
  const context = {
    node24: await findNode24(),
    env: all ? { SLUICE_TEST_ALL: '1' } : {},
    // The full matrices take what they take.
    deadlineMs: all ? undefined : 20 * 60_000,
    skippedFail: process.env.CI === 'true',
    extraArgs
  };
  const results = [];
  for (const suite of suites.filter(({ name }) => names.includes(name))) {
    results.push(await runSuite(suite, context));
  }
  console.log(['', ...tableOf(results), '', totalOf(results)].join('\n'));
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
});
