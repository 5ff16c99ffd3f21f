import { SluiceError } from '../../shared/errors';
import type { ChannelExit } from './channel';
import type { FramedChannel } from './framed-channel';

/** Why the end of a script was never seen: the host gives no shell, or the way to it is gone. */
export function lostChannelError(
  host: string,
  action: string,
  framed: FramedChannel,
  exit: ChannelExit
): SluiceError {
  const { status, cause } = exit;
  if (framed.pid === null && status !== null) {
    const stderr = framed.banner || 'the login shell ended before it ran anything';
    return new SluiceError('remote-command-failed', { host, action, status, stderr }, { cause });
  }
  return new SluiceError('connection-lost', { host, problem: problemOf(exit) }, { cause });
}

function problemOf({ status, cause }: ChannelExit): string {
  if (cause instanceof SluiceError) {
    return String(cause.details.problem ?? cause.message);
  }
  return status === null
    ? 'the remote shell was ended from outside'
    : `the remote shell ended with status ${status} before the script was done`;
}
