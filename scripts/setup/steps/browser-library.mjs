import { at } from '../checkout.mjs';
import { runQuietly } from '../run.mjs';

/** lib/: the browser's half, compiled and type-checked. */
export const browserLibrary = {
  name: 'lib',
  doing: 'tsc',
  inputs: [
    'src/index.ts',
    'src/lab',
    'src/client',
    'src/shared',
    'tsconfig.base.json',
    'tsconfig.json',
    'package-lock.json'
  ],
  outputs: ['lib/index.js'],
  run: () =>
    runQuietly(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'])
};
