import type { Duplex } from 'node:stream';

/** Intervals without a single byte after which a link counts as dead. */
const SILENT_INTERVALS = 3;

/**
 * Notice a link on which nothing arrives any more, although each interval something was asked for.
 * Counted in intervals and not by the clock: after a machine slept, the link gets its full chance.
 */
export function watchLink(link: Duplex, intervalMs: number, onDead: () => void): () => void {
  let silent = 0;
  const onData = (): void => {
    silent = 0;
  };
  link.on('data', onData);
  const timer = setInterval(() => {
    silent += 1;
    if (silent >= SILENT_INTERVALS) {
      stop();
      onDead();
    }
  }, intervalMs);
  const stop = (): void => {
    clearInterval(timer);
    link.off('data', onData);
  };
  return stop;
}
