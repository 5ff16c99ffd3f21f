// npm run pictures: takes the pictures of the documentation anew, into docs/images/.
import { at, checkoutEnv } from './setup/checkout.mjs';
import { runHere } from './setup/run.mjs';
import { main } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';
import { installDebianPackages } from './setup/steps/debian-packages.mjs';

const playwright = at('node_modules/@playwright/test/cli.js');
const config = at('ui-tests/playwright.config.js');

await main(async () => {
  await installDebianPackages();
  await setUp('all');
  const args = [playwright, 'test', '--config', config, '--project', 'pictures'];
  return runHere(process.execPath, args, { env: checkoutEnv({ SLUICE_PICTURES: '1' }) });
});
