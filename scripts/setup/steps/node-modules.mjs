import { readFileSync } from 'node:fs';
import { at } from '../checkout.mjs';
import { runQuietly } from '../run.mjs';

/** What package.json says about dependencies; its scripts are no reason to install again. */
function dependencies() {
  const { dependencies, devDependencies, overrides } = JSON.parse(
    readFileSync(at('package.json'), 'utf8')
  );
  return JSON.stringify({ dependencies, devDependencies, overrides });
}

/** node_modules, exactly as package-lock.json says. */
export const nodeModules = {
  name: 'node_modules',
  doing: 'npm ci (one to three minutes)',
  inputs: ['package-lock.json', '.npmrc'],
  extra: dependencies,
  outputs: ['node_modules/.package-lock.json'],
  run: () => runQuietly('npm', ['ci', '--include=dev', '--no-progress'])
};
