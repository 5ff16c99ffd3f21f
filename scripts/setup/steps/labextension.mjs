import { at } from '../checkout.mjs';
import { runQuietly } from '../run.mjs';
import { browserLibrary } from './browser-library.mjs';

const builder = 'node_modules/@jupyter/builder/lib/build-labextension.js';
const corePackage = 'node_modules/@jupyterlab/core-meta/core.package.json';

/** sluice/labextension: lib/, style/ and schema/ packed for JupyterLab. */
export const labextension = {
  name: 'labextension',
  doing: '@jupyter/builder',
  // What it packs is lib/ as it is, never the sources: a library of older sources is an older input.
  needs: [browserLibrary],
  inputs: ['lib', 'style', 'schema', 'package.json', 'package-lock.json'],
  outputs: ['sluice/labextension/package.json', 'sluice/labextension/static'],
  // The builder's own script: the Python command around it would only look for node.
  run: () =>
    runQuietly(process.execPath, [at(builder), '--core-package-file', at(corePackage), '.'])
};
