import { existsSync } from 'node:fs';
import { inVenv, python } from './checkout.mjs';
import { runQuietly, tryQuietly } from './run.mjs';
import { say } from './say.mjs';

// pip's settings that uv knows under other names. Where pip is told about a mirror, uv needs it too.
const settings = {
  'index-url': 'UV_DEFAULT_INDEX',
  'extra-index-url': 'UV_INDEX',
  'find-links': 'UV_FIND_LINKS',
  cert: 'SSL_CERT_FILE'
};

/** uv's environment variables for the lines that `pip config list` prints. */
export function uvEnvFrom(pipConfigList) {
  const env = {};
  // Sorted backwards, pip's own environment variables (:env:) come last and win, as they do for pip.
  for (const line of pipConfigList.split('\n').sort().reverse()) {
    const [, name, quoted] = /^[^.]*\.([\w-]+)='(.*)'$/.exec(line) ?? [];
    if (name in settings && quoted) {
      const values = quoted.split(/\\n|\s+/).filter(Boolean);
      const separator = name === 'find-links' ? ',' : ' ';
      env[settings[name]] = values.join(separator);
    }
  }
  return env;
}

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
