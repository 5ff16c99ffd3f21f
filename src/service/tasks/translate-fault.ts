import { SluiceError } from '../../shared/errors';

/** Our error, or `internal` for a fault that nobody translated. */
export function translateFault(error: unknown, logPath: string): SluiceError {
  return error instanceof SluiceError
    ? error
    : new SluiceError('internal', { log: logPath }, { cause: error });
}
