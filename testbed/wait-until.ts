import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is yes (true) or the time is over (false). */
export async function waitUntil(
  condition: () => Promise<boolean>,
  timeoutMs: number,
  intervalMs = 20
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() >= deadline) {
      return false;
    }
    await pause(intervalMs);
  }
  return true;
}
