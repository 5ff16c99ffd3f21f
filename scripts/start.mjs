// JupyterLab with Sluice on examples/; what stands after `--` goes to `jupyter lab`.
import { at, checkoutEnv, inVenv } from './setup/checkout.mjs';
import { runHere } from './setup/run.mjs';
import { main, say } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';

await main(async () => {
  await setUp('all');
  say('JupyterLab on examples/ (end it with Ctrl-C)');
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
  const args = ['lab', ...asRoot, `--ServerApp.root_dir=${at('examples')}`];
  return runHere(inVenv('jupyter'), [...args, ...process.argv.slice(2)], { env: checkoutEnv() });
});
