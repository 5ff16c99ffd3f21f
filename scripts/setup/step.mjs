import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { at } from './checkout.mjs';
import { digest } from './digest.mjs';
import { PlainError, say } from './say.mjs';

const stampOf = step => at('build/stamps', step.name);

const missingOf = step => step.outputs.filter(path => !existsSync(at(path)));

function isFresh(step, wanted) {
  const stamp = stampOf(step);
  return (
    existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && missingOf(step).length === 0
  );
}

/**
 * Does one step of the set-up unless its stamp says that the same inputs were already used and its
 * outputs are there. A step: {name, doing, needs?, inputs, extra?(), outputs, run()}, where `needs`
 * are the steps whose outputs are among its inputs.
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
  if (missingOf(step).length > 0) {
    throw new PlainError(`${step.name}: ended well, but made no ${missingOf(step).join(', ')}`);
  }
  mkdirSync(at('build/stamps'), { recursive: true });
  writeFileSync(stampOf(step), wanted);
  say(`${step.name}: done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}
