import { at } from '../checkout.mjs';
import { runQuietly } from '../run.mjs';

/** sluice/service/errors.json: the table of errors for the Python side. After the service: its build clears the folder. */
export const errorWords = {
  name: 'errors',
  doing: 'the table of errors for Python',
  inputs: ['src/shared/error-table.ts', 'scripts/write-errors.mjs'],
  outputs: ['sluice/service/errors.json'],
  run: () => runQuietly(process.execPath, [at('scripts/write-errors.mjs')])
};
