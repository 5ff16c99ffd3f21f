// The main job without a screen: examples/first-run.ipynb in a real kernel, its cells on `here`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { at, checkoutEnv, python } from './setup/checkout.mjs';
import { runHere } from './setup/run.mjs';
import { main } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';

/** A configuration and a state of its own: the demo is the same on every machine. */
function demoEnv() {
  const folder = at('build/demo');
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/config.toml`, 'default = "here"\n');
  return checkoutEnv({
    SLUICE_CONFIG: `${folder}/config.toml`,
    SLUICE_STATE: `${folder}/state`,
    // The service leaves soon after the demo's kernel, so nothing is left running.
    SLUICE_IDLE_MS: process.env.SLUICE_IDLE_MS ?? '5000'
  });
}

await main(async () => {
  await setUp('all');
  const notebook = at('examples/first-run.ipynb');
  const executed = at('build/first-run.executed.ipynb');
  return runHere(python, [at('scripts/run_demo.py'), notebook, executed], { env: demoEnv() });
});
