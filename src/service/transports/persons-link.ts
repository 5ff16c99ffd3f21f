import { connect } from 'node:net';
import { SluiceError } from '../../shared/errors';
import { deferred } from './deferred';
import { watchLink } from './ssh2/link-watch';
import type { OpensshLink } from './openssh/openssh-link';

/** Three of them without an answer: within 45 s. */
const CHECK_INTERVAL_MS = 14_000;

// Of OpenSSH's protocol for control sockets (PROTOCOL.mux in its sources).
const HELLO = 0x00000001;
const VERSION = 4;
const ALIVE_CHECK = 0x10000004;

/**
 * A master that the person has begun. It tells of its end by closing a connection to its control
 * socket, and of its life by answering there: one that hangs says nothing of a dead host either.
 */
export function personsLink(
  socket: string,
  host: string,
  checkIntervalMs = CHECK_INTERVAL_MS
): OpensshLink {
  const gone = deferred<SluiceError>();
  const end = (problem: string, cause?: unknown): void => {
    gone.resolve(new SluiceError('connection-lost', { host, problem }, { cause }));
    stopWatching();
    clearInterval(checks);
    watch.destroy();
  };
  const watch = connect(socket);
  watch.once('error', error => end('the connection of your own terminal has ended', error));
  watch.once('close', () => end('the connection of your own terminal has ended'));
  watch.write(packet(HELLO, VERSION));
  const checks = setInterval(() => watch.write(packet(ALIVE_CHECK, 0)), checkIntervalMs);
  const stopWatching = watchLink(watch, checkIntervalMs, () =>
    end('the connection of your own terminal does not answer')
  );
  return { socket, isPersons: true, gone: gone.promise, end: () => end('it was closed from here') };
}

/** Length, kind and one number, which is the version or counts the question. */
function packet(kind: number, number: number): Buffer {
  const bytes = Buffer.alloc(12);
  [8, kind, number].forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}
