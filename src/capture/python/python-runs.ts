import { type PathExpression, textOf } from './path-expression';

/** A Python program that a command starts: a script, or a module by `-m`. */
export type PythonRun =
  { kind: 'script'; path: PathExpression } | { kind: 'module'; module: string };

/** The word `python`, options, then `-m module` or a script, plain or quoted. */
const PYTHON =
  /(?:^|[\s;&|(])(?:[^\s;&|(]*\/)?python[\d.]*(?:\s+-[A-Zbdisuvx]+)*\s+(?:-m\s*([\w.]+)|(?!-)("[^"]+"|'[^']+'|(?:\\.|[^\s;&|<>"'\\])+))/g;

/** The Python programs that a shell command starts, as far as its text tells. */
export function pythonRuns(command: string): PythonRun[] {
  const runs: PythonRun[] = [];
  for (const [, module, word] of command.matchAll(PYTHON)) {
    if (module !== undefined) {
      runs.push({ kind: 'module', module });
    } else if (word !== undefined && !/[{$*?]/.test(word)) {
      runs.push({ kind: 'script', path: textOf(unquoted(word)) });
    }
  }
  return runs;
}

function unquoted(word: string): string {
  return /^["']/.test(word) ? word.slice(1, -1) : word.replace(/\\(.)/g, '$1');
}
