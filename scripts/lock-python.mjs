// npm run lock-python: requirements-dev.txt from requirements-dev.in, for every platform; versions
// that still fit are kept. `-- --upgrade` takes the newest.
import { readFileSync, writeFileSync } from 'node:fs';
import { at } from './setup/checkout.mjs';
import { PlainError, main } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';
import { tryUv } from './setup/uv.mjs';

const header = '# The lock of requirements-dev.in; npm run lock-python writes it.\n';

await main(async () => {
  await setUp('tools');
  const lock = at('requirements-dev.txt');
  const { status, output } = await tryUv([
    ...['pip', 'compile', '--quiet', '--universal', '--python-version', '3.11'],
    ...['--no-header', '--no-annotate', '--output-file', lock],
    ...process.argv.slice(2),
    at('requirements-dev.in')
  ]);
  if (status !== 0) {
    throw new PlainError(`uv cannot resolve requirements-dev.in:\n${output}`);
  }
  writeFileSync(lock, header + readFileSync(lock, 'utf8'));
});
