// node scripts/write-errors.mjs: writes sluice/service/errors.json, the table of src/shared/error-table.ts
// as data, so that the Python side says the same words and nobody writes them twice.
import { transformSync } from '@swc/core';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { at } from './setup/checkout.mjs';

const source = readFileSync(at('src/shared/error-table.ts'), 'utf8');
// Transpiled here because the oldest Node that builds this checkout cannot load TypeScript.
const { code } = transformSync(source, {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
  module: { type: 'es6' }
});
const { ERRORS } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const output = at('sluice/service/errors.json');
mkdirSync(at('sluice/service'), { recursive: true });
writeFileSync(`${output}.part`, `${JSON.stringify(ERRORS, null, 1)}\n`);
renameSync(`${output}.part`, output);
