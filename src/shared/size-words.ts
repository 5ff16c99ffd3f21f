const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** A number of bytes for a person, as the magic tells it too. */
export function sizeWords(bytes: number): string {
  let size = bytes;
  for (const unit of UNITS) {
    if (size < 1000) {
      return unit === 'B' ? `${Math.round(size)} B` : `${size.toFixed(1)} ${unit}`;
    }
    size /= 1000;
  }
  return `${size.toFixed(1)} TB`;
}
