import { SluiceError } from '../../shared/errors';
import type { IFileTree } from '../file-tree';
import { type CapturedFile, readCaptured } from './module-file';

/** Size, hash and mode of a data file; words where it cannot be read. */
export async function digestOf(files: IFileTree, absolute: string): Promise<CapturedFile | string> {
  try {
    return (await readCaptured(files, absolute)).facts;
  } catch (error) {
    // That code names a file does not prove that it needs it: the plan says why it stays.
    if (error instanceof SluiceError) {
      return String(error.details['problem']);
    }
    throw error;
  }
}
