import { SluiceError } from '../../shared/errors';
import type { ITransport } from '../transports/transport';

const CODES: readonly string[] = ['needs-login', 'login-canceled', 'login-paused'];

/**
 * Whether a call failed only because its host waits for a person. Nothing of that call has reached the
 * host, and asking again is of no use before somebody logged in.
 */
export function waitsForPerson(error: unknown, transport: ITransport): error is SluiceError {
  if (!(error instanceof SluiceError)) {
    return false;
  }
  // A new host key is asked about by a login, too.
  const isNewKey = error.code === 'host-key-unknown';
  return CODES.includes(error.code) || (isNewKey && transport.connection.state === 'needs-login');
}

/** Resolves once the host is connected, or when the signal aborts; asks nothing of the host meanwhile. */
export function untilConnected(transport: ITransport, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (signal.aborted || transport.connection.state === 'connected') {
        stop();
        signal.removeEventListener('abort', look);
        resolve();
      }
    };
    const stop = transport.onConnection(look);
    signal.addEventListener('abort', look);
    look();
  });
}
