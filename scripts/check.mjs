// Everything that must hold before the tests: format, lint, arrows, circles, types, versions.
import { checks } from './check/checks.mjs';
import { main } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';

const parallel = 2;

function show({ name, problem }) {
  console.log(`${problem ? 'FAILED' : 'ok    '}  ${name}`);
  if (problem) {
    console.log(`\n${problem.trimEnd()}\n`);
  }
}

/** Takes checks from the queue until it is empty, and gives the number of failed ones. */
async function work(queue) {
  let failed = 0;
  for (let check = queue.shift(); check; check = queue.shift()) {
    const results = await check.run();
    results.forEach(show);
    failed += results.filter(({ problem }) => problem).length;
  }
  return failed;
}

await main(async () => {
  await setUp('tools');
  const queue = [...checks];
  const failed = await Promise.all(Array.from({ length: parallel }, () => work(queue)));
  const total = failed.reduce((sum, count) => sum + count, 0);
  console.log(total === 0 ? 'all checks hold' : `${total} checks failed`);
  return total === 0 ? 0 : 1;
});
