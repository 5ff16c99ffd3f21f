/** The time of day in milliseconds with their fractions; comparable with stamps of other processes. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
