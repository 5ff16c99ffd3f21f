import { spawn } from 'node:child_process';

import { LineProcess } from '../line-process.ts';
import { nowMs } from '../measure/now-ms.ts';

const TIMEOUT_MS = 60_000;

/** The program that a job must at least run before a notebook's cell can print: IPython, imported. */
export const HELLO_PROGRAM =
  'from IPython.core.interactiveshell import InteractiveShell; print("HELLO")';

/** How long the interpreter takes, on its own, from its start to the line that it prints. */
export async function measureStartAlone(python: string): Promise<number> {
  const startMs = nowMs();
  const child = spawn(python, ['-u', '-c', HELLO_PROGRAM], { stdio: ['ignore', 'pipe', 'pipe'] });
  const program = new LineProcess(python, child);
  try {
    await program.nextLine(TIMEOUT_MS);
    return nowMs() - startMs;
  } finally {
    await program.exited;
  }
}
