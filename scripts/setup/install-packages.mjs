import { existsSync } from 'node:fs';
import { inVenv, python } from './checkout.mjs';
import { runQuietly } from './run.mjs';
import { say } from './say.mjs';
import { tryUv } from './uv.mjs';

/** Installs into .venv with uv, which is many times faster, else with pip. */
export async function installPackages(args, extraEnv = {}) {
  if (existsSync(inVenv('uv'))) {
    const uvArgs = ['pip', 'install', '--python', python, ...args];
    const { status, output } = await tryUv(uvArgs, extraEnv);
    if (status === 0) {
      return;
    }
    say(`uv could not install, trying pip: ${output.trim().split('\n').at(-1)}`);
  }
  const env = { ...process.env, ...extraEnv };
  await runQuietly(python, ['-m', 'pip', 'install', '-q', ...args], { env });
}
