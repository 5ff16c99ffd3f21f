import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

const LARGEST_BYTES = 5 * 2 ** 20;

/** Nobody logs these; where somebody does so by mistake, they do not reach the disk. */
const SECRETS = ['eventKey', 'answers', 'password', 'passphrase', 'token', 'authorization'].flatMap(
  name => [name, `*.${name}`, `*.*.${name}`]
);

const FILE_MODE = 0o600;

/**
 * The file of the log. Without room on the disk its lines are dropped, and the next one is tried again: a
 * full disk must neither end the service nor silence it for good.
 */
function logFile(path: string): Writable {
  const descriptor = openSync(path, 'a', FILE_MODE);
  return new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _encoding, done) => {
      try {
        writeSync(descriptor, chunk);
        done();
      } catch (error) {
        const isRoom = ['ENOSPC', 'EDQUOT', 'EIO'].includes(
          (error as { code?: string }).code ?? ''
        );
        done(isRoom ? null : (error as Error));
      }
    },
    destroy: (error, done) => {
      closeSync(descriptor);
      done(error);
    }
  });
}

/** The log: lines a person can read; the one before is kept beside it as `.1`. */
export function openLog(path: string): Logger {
  if (existsSync(path) && statSync(path).size > LARGEST_BYTES) {
    renameSync(path, `${path}.1`);
  }
  const stream = pretty({
    colorize: false,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
    ignore: 'pid,hostname',
    singleLine: true,
    destination: logFile(path)
  });
  return pino({ level: 'info', redact: { paths: SECRETS, censor: '[secret]' } }, stream);
}
