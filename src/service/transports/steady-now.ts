/**
 * Milliseconds since the epoch by a clock that nobody sets: right when the process began, and growing
 * evenly since. So a pause lasts as long as it should, whatever happens to the time of the machine.
 */
export function steadyNowMs(): number {
  return performance.timeOrigin + performance.now();
}
