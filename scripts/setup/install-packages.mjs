import { existsSync } from 'node:fs';
import { inVenv, python } from './checkout.mjs';
import { runQuietly, tryQuietly } from './run.mjs';
import { say } from './say.mjs';
import { uvEnvFrom } from './uv-env.mjs';

async function installWithUv(args, extraEnv) {
  const pipConfig = await tryQuietly(python, ['-m', 'pip', 'config', 'list']);
  // As pip does: the best version of all indexes, whichever has it.
  const env = { ...extraEnv, UV_INDEX_STRATEGY: 'unsafe-best-match' };
  Object.assign(env, uvEnvFrom(pipConfig.status === 0 ? pipConfig.output : ''));
  return tryQuietly(inVenv('uv'), ['pip', 'install', '--python', python, ...args], { env });
}

/** Installs into .venv with uv, which is many times faster, else with pip. */
export async function installPackages(args, extraEnv = {}) {
  const env = { ...process.env, ...extraEnv };
  if (existsSync(inVenv('uv'))) {
    const { status, output } = await installWithUv(args, env);
    if (status === 0) {
      return;
    }
    say(`uv could not install, trying pip: ${output.trim().split('\n').at(-1)}`);
  }
  await runQuietly(python, ['-m', 'pip', 'install', '-q', ...args], { env });
}
