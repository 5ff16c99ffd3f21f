import { inVenv, python } from './checkout.mjs';
import { tryQuietly } from './run.mjs';
import { uvEnvFrom } from './uv-env.mjs';

/** Runs the uv of .venv with pip's own settings, and gives its status and output. */
export async function tryUv(args, extraEnv = {}) {
  const pipConfig = await tryQuietly(python, ['-m', 'pip', 'config', 'list']);
  // As pip does: the best version of all indexes, whichever has it.
  const env = { ...process.env, UV_INDEX_STRATEGY: 'unsafe-best-match', ...extraEnv };
  Object.assign(env, uvEnvFrom(pipConfig.status === 0 ? pipConfig.output : ''));
  return tryQuietly(inVenv('uv'), args, { env });
}
