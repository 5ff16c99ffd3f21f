import { readFile, writeFile } from 'node:fs/promises';
import { SluiceError } from '../../../shared/errors';
import type { ILoginAttempt } from '../login/login-prompter';
import { inOriginalWords, opensshHeader, STANDARD_CONFIG } from './openssh-config';
import { makeOpensshFolder, type OpensshFolder } from './openssh-folder';
import type { OpensshLink } from './openssh-link';
import { OpensshLogin } from './openssh-login';
import {
  destinationArguments,
  type OpensshDestination,
  type OpensshSettings
} from './openssh-settings';
import { expandHome } from '../ssh-host/ssh-config-values';
import { homeOf } from '../ssh-host/ssh-home';

/** Log in with a master of our own, which lives as long as this process and is ended with the link. */
export async function startMaster(
  destination: OpensshDestination,
  settings: OpensshSettings,
  login: { attempt: ILoginAttempt; signal: AbortSignal }
): Promise<OpensshLink> {
  const { target, host, env, sshConfig } = destination;
  const folder = await makeOpensshFolder(target, host, env);
  try {
    const inOriginal = await writeConfig(folder, settings, destination);
    const args = [
      ...['-v', '-M', '-N', '-S', folder.socket, '-F', folder.config],
      ...destinationArguments(host, sshConfig)
    ];
    login.signal.throwIfAborted();
    return await new OpensshLogin({
      ...{ args, folder, destination, settings, inOriginal },
      ...login
    }).link();
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Ours first, then the person's; returns what says where a fault really is. */
async function writeConfig(
  folder: OpensshFolder,
  settings: OpensshSettings,
  { sshConfig, env }: OpensshDestination
): Promise<(text: string) => string> {
  const header = opensshHeader(settings);
  const body = sshConfig === undefined ? STANDARD_CONFIG : [await readConfig(sshConfig, env)];
  await writeFile(folder.config, [...header, ...body, ''].join('\n'), { mode: 0o600 });
  const original = sshConfig ?? '~/.ssh/config';
  const copy = { path: folder.config, original, headerLines: header.length };
  return text => inOriginalWords(text, copy);
}

async function readConfig(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    return await readFile(expandHome(path, homeOf(env)), 'utf8');
  } catch (cause) {
    const problem = (cause as Error).message;
    throw new SluiceError('config-invalid', { path, problem }, { cause });
  }
}
