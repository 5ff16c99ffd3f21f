import { execFile } from 'node:child_process';
import { SluiceError } from '../../../shared/errors';

/** How a call of OpenSSH that answers at once went. */
export type OpensshAnswer = { status: number | null; stdout: string; stderr: string };

// `Match exec` may run a command of the person's own.
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** Ask OpenSSH something that needs no connection of ours; `openssh-missing` where it is not installed. */
export function askOpenssh(
  args: readonly string[],
  options: { host: string; env: NodeJS.ProcessEnv }
): Promise<OpensshAnswer> {
  const { host, env } = options;
  return new Promise((resolve, reject) => {
    const how = { env, timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES };
    const child = execFile('ssh', [...args], how, (error, stdout, stderr) => {
      const missing = missingOpenssh(host, error);
      if (missing !== null) {
        reject(missing);
        return;
      }
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** The error for a program that cannot be started; null for any other. */
export function missingOpenssh(host: string, error: unknown): SluiceError | null {
  const { code, syscall = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !syscall.startsWith('spawn')) {
    return null;
  }
  const problem = code === 'ENOENT' ? 'the command `ssh`' : `\`ssh\` cannot be started: ${code}`;
  return new SluiceError('openssh-missing', { host, problem }, { cause: error });
}
