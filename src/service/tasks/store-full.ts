import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';

/** Whether the disk of this machine took nothing: what was to be stored is tried again later. */
export function isStoreFull(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'store-full';
}

/**
 * Note something that is news of the moment alone, and said again while it lasts. Without room for it
 * the work goes on.
 */
export function noteIfRoom(log: Logger, note: () => void): void {
  try {
    note();
  } catch (error) {
    if (!isStoreFull(error)) {
      throw error;
    }
    log.warn({ err: error }, 'news could not be noted');
  }
}
