import { SluiceError } from '../../shared/errors';
import { sizeWords } from '../../shared/size-words';
import type { RunResult } from '../transports/transport';
import { isFull, roomProblem } from './room';
import type { Sending } from './send-options';

/** The error that a host's words mean. */
export function sendRefusal(
  { transport, root, target }: Sending,
  { status, stderr }: RunResult,
  bytes: number
): SluiceError {
  const problem = stderr.trim().slice(0, 2000) || `exit status ${status}`;
  const details = { host: transport.host, root, problem };
  return isFull(stderr)
    ? new SluiceError('disk-full', { ...details, target, bytes: sizeWords(bytes) })
    : new SluiceError('upload-failed', details);
}

/** Throws where so many bytes will find no room. */
export function refuseWithoutRoom(
  { transport, root, target }: Sending,
  bytes: number,
  roomBytes: number | null
): void {
  const problem = roomProblem(bytes, roomBytes);
  if (problem !== null) {
    const details = { host: transport.host, target, root, bytes: sizeWords(bytes), problem };
    throw new SluiceError('disk-full', details);
  }
}
