// Writes files the way that `npm run check` wants them.
import { at, inVenv } from './setup/checkout.mjs';
import { runHere } from './setup/run.mjs';
import { main } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';

const node = process.execPath;

await main(async () => {
  await setUp('tools');
  const statuses = [
    await runHere(inVenv('ruff'), ['check', '--fix', '--quiet', '.']),
    await runHere(inVenv('ruff'), ['format', '.']),
    await runHere(node, [at('node_modules/eslint/bin/eslint.js'), '--fix', '.']),
    await runHere(node, [
      at('node_modules/prettier/bin/prettier.cjs'),
      '--write',
      '--log-level=warn',
      '.'
    ])
  ];
  return Math.max(...statuses);
});
