import { at } from '../checkout.mjs';
import { runQuietly } from '../run.mjs';

/** What the browser's half is made of; the labextension packs the same sources. */
export const browserSources = [
  'src/index.ts',
  'src/lab',
  'src/client',
  'src/shared',
  'tsconfig.base.json',
  'tsconfig.json',
  'package-lock.json'
];

/** lib/: the browser's half, compiled and type-checked. */
export const browserLibrary = {
  name: 'lib',
  doing: 'tsc',
  inputs: browserSources,
  outputs: ['lib/index.js'],
  run: () =>
    runQuietly(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'])
};
