import { readFileSync } from 'node:fs';
import { at } from '../setup/checkout.mjs';

const versionIn = {
  'package.json': text => JSON.parse(text).version,
  'package-lock.json': text => JSON.parse(text).version,
  'sluice/_version.py': text => /^__version__ = "(.+)"$/m.exec(text)?.[1]
};

/** One version: npm, the lock file and Python must agree. */
export const checkVersions = {
  run: () => {
    const versions = Object.entries(versionIn).map(([file, read]) => {
      return { file, version: read(readFileSync(at(file), 'utf8')) };
    });
    const agree = new Set(versions.map(({ version }) => version)).size === 1;
    const words = versions.map(({ file, version }) => `${file}: ${version}`).join('\n');
    return Promise.resolve([{ name: 'versions', problem: agree ? '' : words }]);
  }
};
