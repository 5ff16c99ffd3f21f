import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../../../shared/errors';
import { ASKPASS_SCRIPT } from './openssh-askpass-script';

/** A private place for one connection: control socket, configuration, askpass. */
export type OpensshFolder = {
  path: string;
  socket: string;
  config: string;
  askpass: string;
  remove(): Promise<void>;
};

// A socket's path has room for 103 bytes on macOS, of which OpenSSH takes 17 while it makes it.
const MAX_SOCKET_BYTES = 103 - 17;

/** Make the place; `mkdtemp` gives it mode 0700. */
export async function makeOpensshFolder(
  target: string,
  host: string,
  env: NodeJS.ProcessEnv
): Promise<OpensshFolder> {
  const problems: string[] = [];
  for (const base of [env.TMPDIR, tmpdir(), env.XDG_RUNTIME_DIR, '/tmp', homedir()]) {
    if (base === undefined || base === '' || Buffer.byteLength(base) + 20 > MAX_SOCKET_BYTES) {
      continue;
    }
    try {
      return await folderIn(base);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  const problem = `there is no private place for its socket here (${problems.join('; ')})`;
  throw new SluiceError('host-unreachable', { target, host, problem });
}

async function folderIn(base: string): Promise<OpensshFolder> {
  const path = await mkdtemp(join(base, '.sluice-'));
  const at = (name: string): string => join(path, name);
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  try {
    await writeFile(at('askpass'), ASKPASS_SCRIPT, { mode: 0o700 });
    // Some places allow no programs.
    accessSync(at('askpass'), constants.X_OK);
    return { path, socket: at('m'), config: at('config'), askpass: at('askpass'), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
