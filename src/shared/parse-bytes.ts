const POWERS: Readonly<Record<string, number>> = { '': 0, K: 1, M: 2, G: 3, T: 4 };

/** `8G` or `8GB`, and `8GiB`, as a number of bytes; null for anything else. */
export function parseBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(i)?)?B?$/i.exec(text.trim());
  if (match === null) {
    return null;
  }
  const [, number, prefix = '', binary] = match;
  const unit = (binary === undefined ? 1000 : 1024) ** (POWERS[prefix.toUpperCase()] ?? 0);
  return Math.round(Number(number) * unit);
}
