import type { JSONObject } from '@lumino/coreutils';

/** What the kernel helper can be asked from the page. */
export type PageCallName = 'capture' | 'restore' | 'load_magic';

/** The Python expression whose value is the helper's answer, a string of JSON. */
export function pageCallExpression(name: PageCallName, args: JSONObject): string {
  // A JSON string literal is a Python string literal too, so quoting twice quotes for both.
  const literal = JSON.stringify(JSON.stringify(args));
  return `__import__('_sluice.kernel', fromlist=['page']).page.call('${name}', ${literal})`;
}
