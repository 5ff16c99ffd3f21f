import type { SluiceError } from '../../shared/errors';
import type { Capture } from '../../shared/wire/capture';
import { emptyCapture } from '../../shared/wire/empty-capture';

/**
 * A capture that says only why there is none, so that the service refuses the task in words and
 * keeps it in its list.
 */
export function captureOfObstacle(error: SluiceError, language: string): Capture {
  const obstacles = [{ code: error.code, details: { ...error.details } }];
  return { ...emptyCapture(), language, obstacles };
}
