import { existsSync, renameSync, statSync } from 'node:fs';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

const LARGEST_BYTES = 5 * 2 ** 20;

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
    destination: path,
    append: true,
    mkdir: false,
    sync: true
  });
  return pino({ level: 'info' }, stream);
}
