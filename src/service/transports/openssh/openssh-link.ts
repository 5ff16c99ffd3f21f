import type { SluiceError } from '../../../shared/errors';
import type { ILoginAttempt } from '../login/login-prompter';
import { askOpenssh } from './openssh-command';
import { startMaster } from './openssh-master';
import { type OpensshDestination, readOpensshSettings } from './openssh-settings';
import { personsLink } from '../persons-link';

/** A master connection that is logged in. */
export type OpensshLink = {
  /** Its control socket. */
  readonly socket: string;
  /** Begun by the person in a terminal; it is used and never ended. */
  readonly isPersons: boolean;
  /** Resolves with the reason when it is gone, or given up here. */
  readonly gone: Promise<SluiceError>;
  /** End it, or stop using it where it is the person's. May be called twice. */
  end(): void;
};

/**
 * Use the master that the person has open, else begin one; never both, so that nobody is asked for
 * what they did already.
 */
export async function openOpensshLink(
  destination: OpensshDestination,
  login: { attempt: ILoginAttempt; signal: AbortSignal }
): Promise<OpensshLink> {
  const settings = await readOpensshSettings(destination);
  login.signal.throwIfAborted();
  const { controlPath } = settings;
  if (controlPath !== null && (await isMasterAlive(controlPath, destination))) {
    return personsLink(controlPath, destination.host);
  }
  login.signal.throwIfAborted();
  return startMaster(destination, settings, login);
}

/** Whether a master answers on a control socket. */
export async function isMasterAlive(
  controlPath: string,
  options: { host: string; env: NodeJS.ProcessEnv }
): Promise<boolean> {
  const args = ['-F', '/dev/null', '-S', controlPath, '-O', 'check', '--', 'master'];
  const { status } = await askOpenssh(args, options);
  return status === 0;
}
