/** What `format(value, spec)` gives for texts and whole numbers; `hole` where it cannot be told. */
export function formatValue(text: string, spec: string, hole: string): string {
  const match = /^0?(\d*)([sdi]?)$/.exec(spec);
  if (text.includes(hole) || !match) {
    return spec === '' || spec === 's' ? text : hole;
  }
  const width = Number(match[1] ?? 0);
  if (!/^-?\d+$/.test(text)) {
    return spec.startsWith('0') || match[2] === 'd' ? hole : text.padEnd(width);
  }
  const sign = text.startsWith('-') ? '-' : '';
  const digits = text.slice(sign.length);
  return spec.startsWith('0')
    ? sign + digits.padStart(width - sign.length, '0')
    : text.padStart(width);
}
