import { SluiceError } from '../../shared/errors';

/** Open something, and once more where the connection turns out to have died unnoticed before anything was sent. */
export async function reopenOnce<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'connection-lost') {
      return open();
    }
    throw error;
  }
}
