import { readdirSync } from 'node:fs';
import { at, inVenv } from '../setup/checkout.mjs';
import { checkLint } from './check-lint.mjs';
import { checkVersions } from './check-versions.mjs';
import { fromCommand } from './from-command.mjs';

const node = process.execPath;
const tool = path => at('node_modules', path);

/** Every tsconfig of the checkout, one for each runtime. */
function tsconfigs() {
  const own = readdirSync(at()).filter(name =>
    /^tsconfig\.(?!base\.).*json$|^tsconfig\.json$/.test(name)
  );
  const nested = readdirSync(at(), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !/^(node_modules|build|lib|\.)/.test(entry.name))
    .filter(entry => readdirSync(at(entry.name)).includes('tsconfig.json'))
    .map(entry => `${entry.name}/tsconfig.json`);
  return [...own, ...nested];
}

const types = config =>
  fromCommand(`types ${config}`, node, [
    tool('typescript/bin/tsc'),
    '--noEmit',
    '--pretty',
    'false',
    '-p',
    at(config)
  ]);

/** What `npm run check` holds, slow ones first; each is {run(): [{name, problem}]}. */
export const checks = [
  checkLint,
  ...tsconfigs().map(types),
  fromCommand('types python', inVenv('mypy'), []),
  fromCommand('format', node, [
    tool('prettier/bin/prettier.cjs'),
    '--check',
    '--log-level=warn',
    '.'
  ]),
  fromCommand('lint python', inVenv('ruff'), ['check', '.']),
  fromCommand('format python', inVenv('ruff'), ['format', '--check', '.']),
  checkVersions
];
