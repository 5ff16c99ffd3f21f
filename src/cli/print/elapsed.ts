/** Hours, minutes and seconds from the first instant to the second. */
export function elapsed(fromMs: number | null, toMs: number): string {
  if (fromMs === null) {
    return '';
  }
  const seconds = Math.max(0, Math.floor((toMs - fromMs) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts
    .map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0')))
    .join(':');
}
