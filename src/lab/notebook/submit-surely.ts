import { SluiceError } from '../../shared/errors';
import type { SubmitInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import type { IClock } from '../clock';
import type { ISluiceService } from '../service';

const PAUSES_MS = [300, 1500];

/**
 * Submit, and once more when the service was lost on the way: the same request id is the same task,
 * so a request that did arrive is not run twice.
 */
export async function submitSurely(
  service: ISluiceService,
  request: SubmitInput,
  clock: IClock
): Promise<Task> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await service.submit(request);
    } catch (error) {
      if (!isLost(error)) {
        throw error;
      }
      await new Promise<void>(resolve => clock.after(pauseMs, resolve));
    }
  }
  return service.submit(request);
}

function isLost(error: unknown): boolean {
  return (
    error instanceof SluiceError && (error.code === 'service-down' || error.code === 'draining')
  );
}
