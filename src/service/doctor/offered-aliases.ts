import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import type { Targets } from '../../shared/wire/service';
import { sshAliases } from '../transports/ssh-host/ssh-aliases';

/** The hosts of the person's SSH configuration; none where it cannot be read, which each login says. */
export async function offeredAliases(
  env: NodeJS.ProcessEnv,
  log: Logger
): Promise<Targets['aliases']> {
  try {
    return await sshAliases(env);
  } catch (error) {
    if (error instanceof SluiceError) {
      log.warn({ err: error }, 'the SSH configuration offers no hosts');
      return [];
    }
    throw error;
  }
}
