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

/** Takes checks from the queue until it is empty, and gives the names of those that failed. */
async function work(queue) {
  const failed = [];
  for (let check = queue.shift(); check; check = queue.shift()) {
    const results = await check.run();
    results.forEach(show);
    failed.push(...results.filter(({ problem }) => problem).map(({ name }) => name));
  }
  return failed;
}

await main(async () => {
  await setUp('tools');
  const queue = [...checks];
  const workers = Array.from({ length: parallel }, () => work(queue));
  const failed = (await Promise.all(workers)).flat();
  console.log(failed.length === 0 ? 'all checks hold' : `failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});
