const SPELLED: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };

/** Undo how the corpus spells what a line cannot hold: `\n`, `\t`, `\\`, `\xNN`. */
export function unescape(text: string): string {
  return text.replace(
    /\\(n|t|\\|x[0-9a-f]{2})/g,
    (_, code: string) => SPELLED[code] ?? String.fromCharCode(parseInt(code.slice(1), 16))
  );
}
