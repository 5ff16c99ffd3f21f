import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Capture } from '../shared/wire/capture';
import type { CaptureKit } from '../shared/wire/service';

export type PythonQuestion = {
  python: string;
  kit: CaptureKit;
  source: string;
  /** The notebook's folder. */
  cwd: string;
  timeoutMs: number;
};

/** What the kernel helper says in a process that knows no name of the notebook. */
const ASK = `
import json as _json, sys as _sys
from importlib import import_module as _import
_asked = _json.load(_sys.stdin)
exec(_asked.pop("snippet"), {"__name__": "_sluice_kit"})
_answer = _import("_sluice.kernel").capture(**_asked, namespace={}, max_bytes=0, write=False)
print("\\n" + _json.dumps(_answer))
`;

/** An answer, or why there is none. */
export type PythonAnswer = { capture: Capture } | { problem: string };

function readAnswer(stdout: string): Capture | null {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as Capture;
  } catch {
    return null;
  }
}

/**
 * Ask a Python what it has installed, where it looks for modules, and what it says to the cell's
 * syntax. That there is none, or that it does not answer, is no error.
 */
export async function askPython(question: PythonQuestion): Promise<PythonAnswer> {
  const { python, kit, source, cwd, timeoutMs } = question;
  const asked = { snippet: kit.snippet, source, spool: kit.spool, nonce_path: kit.noncePath };
  const child = spawn(python, ['-c', ASK], { cwd, signal: AbortSignal.timeout(timeoutMs) });
  // One that ends before it has read everything says why on its stderr.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(asked));
  const failed = new Promise<string>(done => {
    child.once('error', error => {
      done(error.message);
    });
  });
  const answered = Promise.all([text(child.stdout), text(child.stderr)]);
  const result = await Promise.race([answered, failed]);
  if (typeof result === 'string') {
    return { problem: `${python}: ${result}` };
  }
  const capture = readAnswer(result[0]);
  const words = result[1].trim().split('\n').at(-1) ?? '';
  return capture === null ? { problem: `${python}: ${words || 'no answer'}` } : { capture };
}
