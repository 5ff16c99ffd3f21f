import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { resolveSshHost } from '../transports/ssh-host/ssh-config';
import { sshAliases } from '../transports/ssh-host/ssh-aliases';
import type { LookUp, Way } from './connect-findings';

const NAME_DEADLINE_MS = 10_000;
const PYTHON_DEADLINE_MS = 10_000;

/** What the SSH configuration says of the way to a host. Errors: `config-invalid`. */
export async function wayTo(
  host: string,
  sshConfig: string | null,
  env: NodeJS.ProcessEnv
): Promise<Way> {
  const resolved = await resolveSshHost(host, { path: sshConfig ?? undefined, env });
  const { hostName, port, user, jumps, only } = resolved;
  return {
    hostName,
    port,
    user,
    jumps: jumps.map(jump => jump.hostName),
    hasProxy: only.proxyCommand !== null
  };
}

/** Look a name up as connections do; a resolver that is silent is an answer, too. */
export async function lookUpName(name: string): Promise<LookUp> {
  const silence = new AbortController();
  const late = new Promise<LookUp>(resolve => {
    const timer = setTimeout(() => {
      resolve({ problem: 'the name servers do not answer' });
    }, NAME_DEADLINE_MS);
    silence.signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  });
  const asked = lookup(name).then(
    ({ address }): LookUp => ({ address }),
    (error: unknown): LookUp => ({
      problem:
        (error as NodeJS.ErrnoException).code === 'ENOTFOUND'
          ? 'the name is not known'
          : 'the name cannot be looked up'
    })
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    silence.abort();
  }
}

/** Whether the person's SSH configuration names this host. */
export async function hasAlias(word: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return (await sshAliases(env)).some(({ alias }) => alias === word);
}

/** Version of the Python here from which values will come; null: there is none. */
export function pythonHere(env: NodeJS.ProcessEnv): Promise<string | null> {
  const python = env['SLUICE_HERE_PYTHON'] || 'python3';
  return new Promise(resolve => {
    execFile(python, ['-V'], { timeout: PYTHON_DEADLINE_MS }, (error, stdout) => {
      const version = /^Python (3\.\d+\.\d+)/.exec(stdout)?.[1];
      resolve(error === null ? (version ?? null) : null);
    });
  });
}
