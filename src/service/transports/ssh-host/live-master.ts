import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';

const TIMEOUT_MS = 2000;

/** Whether a shared connection of OpenSSH answers at a control socket. */
export async function hasLiveMaster(path: string | null, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (path === null || !(await isSocket(path))) {
    return false;
  }
  // The socket is named, so no configuration is needed.
  const given = ['-F', 'none', '-S', path, '-O', 'check', '--', 'master'];
  return new Promise(resolve => {
    // A socket that is left over, or hangs, is as good as none.
    const child = execFile('ssh', given, { env, timeout: TIMEOUT_MS }, error => {
      resolve(error === null);
    });
    child.stdin?.end();
  });
}

const isSocket = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isSocket(),
    () => false
  );
