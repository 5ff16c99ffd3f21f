import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { CHECKOUT_PYTHON } from '../../testbed/write-files.ts';
import { LineProcess } from '../line-process.ts';

const READY_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 60_000;
const PROGRAM = join(import.meta.dirname, 'snippet_kernel.py');

/** What the kernel can be asked: a cell of `1+1`, and the page's two questions about a cell. */
export type Question = 'one' | 'capture' | 'survey';

/** A real kernel; `ask` gives the milliseconds until the answer was here. */
export type SnippetKernel = {
  version: string;
  ask: (question: Question) => Promise<number>;
  end: () => Promise<void>;
};

/** Starts a kernel with the variables of an ordinary notebook. */
export async function startSnippetKernel(scratch: string): Promise<SnippetKernel> {
  const folder = join(scratch, 'snippet-kernel');
  await mkdir(folder, { recursive: true });
  const child = spawn(CHECKOUT_PYTHON, ['-u', PROGRAM, folder], { stdio: 'pipe' });
  const lines = new LineProcess('snippet_kernel.py', child);
  const answer = async (timeoutMs: number): Promise<Record<string, unknown>> =>
    JSON.parse(await lines.nextLine(timeoutMs)) as Record<string, unknown>;
  try {
    const { version } = await answer(READY_TIMEOUT_MS);
    const ask = async (question: Question): Promise<number> => {
      lines.write(question);
      return Number((await answer(ANSWER_TIMEOUT_MS))['seconds']) * 1000;
    };
    return { version: String(version), ask, end: () => lines.end() };
  } catch (error) {
    await lines.end();
    throw error;
  }
}
