const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"'
};

const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/g;

/** The text of a Python string from its `repr`; null when it is no such thing. */
export function parsePythonString(repr: string): string | null {
  const quote = repr[0];
  if ((quote !== "'" && quote !== '"') || repr.length < 2 || !repr.endsWith(quote)) {
    return null;
  }
  return repr
    .slice(1, -1)
    .replace(ESCAPE, (whole, x?: string, u?: string, long?: string, simple?: string) => {
      const hex = x ?? u ?? long;
      return hex === undefined
        ? (SIMPLE[simple ?? ''] ?? whole)
        : String.fromCodePoint(parseInt(hex, 16));
    });
}
