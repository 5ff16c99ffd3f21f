// node scripts/setup.mjs [tools|build|all|STEP] [--debian]: what every other command does first.
import { installDebianPackages } from './setup/steps/debian-packages.mjs';
import { PlainError, main } from './setup/say.mjs';
import { levels, setUp } from './setup/set-up.mjs';

await main(async () => {
  const args = process.argv.slice(2);
  const level = args.find(arg => !arg.startsWith('--')) ?? 'all';
  if (!(level in levels)) {
    throw new PlainError(`no set-up "${level}": one of ${Object.keys(levels).join(', ')}`, 2);
  }
  if (args.includes('--debian')) {
    await installDebianPackages();
  }
  await setUp(level);
});
