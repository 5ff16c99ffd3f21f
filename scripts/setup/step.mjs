import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { at } from './checkout.mjs';
import { digest } from './digest.mjs';
import { say } from './say.mjs';

const stampOf = step => at('build/stamps', step.name);

function isFresh(step, wanted) {
  const outputs = step.outputs.every(path => existsSync(at(path)));
  return outputs && existsSync(stampOf(step)) && readFileSync(stampOf(step), 'utf8') === wanted;
}

/**
 * Does one step of the set-up unless its stamp says that the same inputs were already used and its
 * outputs are there. A step: {name, doing, inputs, extra?(), outputs, run()}.
 */
export async function doStep(step) {
  const wanted = digest(step.inputs, step.extra?.());
  if (isFresh(step, wanted)) {
    return;
  }
  const startedMs = performance.now();
  say(`${step.name}: ${step.doing} ...`);
  rmSync(stampOf(step), { force: true });
  await step.run();
  mkdirSync(at('build/stamps'), { recursive: true });
  writeFileSync(stampOf(step), wanted);
  say(`${step.name}: done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}
