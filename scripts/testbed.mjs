// npm run testbed -- up | down | status | env. Progress goes to stderr: `env` is for `eval`.
import { at, checkoutEnv } from './setup/checkout.mjs';
import { findNode24 } from './setup/node-24.mjs';
import { runHere } from './setup/run.mjs';
import { main } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';
import { installDebianPackages } from './setup/steps/debian-packages.mjs';

await main(async () => {
  await installDebianPackages();
  await setUp('all');
  const args = [at('testbed/main.ts'), ...process.argv.slice(2)];
  return runHere(await findNode24(), args, { env: checkoutEnv() });
});
