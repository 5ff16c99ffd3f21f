import { SluiceError } from '../../shared/errors';

/** A signal that is aborted with `remote-timeout` after a time, or with the reason of another signal. */
export type Deadline = {
  readonly signal: AbortSignal;
  /** Count the full time anew. */
  restart(): void;
  /** Needed at the end of the action, or the timer and the listener stay. */
  stop(): void;
};

/** Start the clock for an action on a host. */
export function startDeadline(
  host: string,
  options: { action: string; timeoutMs: number; signal?: AbortSignal }
): Deadline {
  const { action, timeoutMs, signal } = options;
  const controller = new AbortController();
  const onTimeout = (): void =>
    controller.abort(
      new SluiceError('remote-timeout', { host, action, seconds: Math.ceil(timeoutMs / 1000) })
    );
  const onAbort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) {
    onAbort();
  }
  signal?.addEventListener('abort', onAbort, { once: true });
  let timer = setTimeout(onTimeout, timeoutMs);
  const stop = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  const restart = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onTimeout, timeoutMs);
  };
  return { signal: controller.signal, restart, stop };
}

/** A promise that rejects with the signal's reason as soon as the signal is aborted. */
export async function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined
): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** A pause that keeps no process alive. */
export function afterMs(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms).unref();
  });
}
