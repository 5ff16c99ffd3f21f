import type { IClock } from './clock';

/** The promise's outcome, or a rejection with `late()` when it takes longer than `deadlineMs`. */
export function withDeadline<T>(
  promise: Promise<T>,
  deadlineMs: number,
  clock: IClock,
  late: () => Error
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(deadlineMs, () => reject(late()));
    promise.then(resolve, reject).finally(() => timer.dispose());
  });
}
