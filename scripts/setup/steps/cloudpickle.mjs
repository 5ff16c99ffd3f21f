import { at, python } from '../checkout.mjs';
import { runQuietly } from '../run.mjs';

/** sluice/cloudpickle: a copy that kernels and hosts load without installing anything. */
export const cloudpickle = {
  name: 'cloudpickle',
  doing: 'a copy to sluice/cloudpickle',
  inputs: ['requirements-dev.txt', 'scripts/copy_cloudpickle.py'],
  outputs: ['sluice/cloudpickle/cloudpickle.py', 'sluice/cloudpickle/LICENSE'],
  run: () => runQuietly(python, [at('scripts/copy_cloudpickle.py'), at('sluice/cloudpickle')])
};
