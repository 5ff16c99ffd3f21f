import { at } from '../checkout.mjs';
import { runQuietly } from '../run.mjs';

/** sluice/service: the Node service and the command line as one program with lazy chunks. */
export const serviceBundle = {
  name: 'service',
  doing: 'webpack',
  inputs: [
    'src/cli',
    'src/service',
    'src/capture',
    'src/client',
    'src/shared',
    'webpack.config.js',
    'webpack.licenses.js',
    'package-lock.json'
  ],
  outputs: ['sluice/service/main.cjs'],
  run: () =>
    runQuietly(process.execPath, [
      at('node_modules/webpack-cli/bin/cli.js'),
      '--config',
      at('webpack.config.js'),
      '--stats',
      'errors-warnings',
      '--fail-on-warnings'
    ])
};
