import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { BenchError } from '../bench-error.ts';
import { say } from '../say.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** A Python environment below build/ for a peer. */
export type PeerEnvironment = {
  name: string;
  /** Requirements, installed one call after the other. */
  packages: readonly (readonly string[])[];
  timeoutMs: number;
};

/** Makes the environment unless it is there with the same packages; gives its interpreter. */
export async function ensurePeerEnvironment(wanted: PeerEnvironment): Promise<string> {
  const dir = join(root, 'build', wanted.name);
  const python = join(dir, 'bin/python');
  const stamp = join(dir, 'packages.json');
  const words = JSON.stringify(wanted.packages);
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === words) {
    return python;
  }
  say(`installing ${wanted.packages.flat().join(', ')} into build/${wanted.name} ...`);
  await rm(dir, { recursive: true, force: true });
  try {
    await run(join(root, '.venv/bin/python'), ['-m', 'venv', dir]);
    for (const packages of wanted.packages) {
      // pip and not uv: it reads this machine's settings of mirrors and wheels by itself.
      await run(python, ['-m', 'pip', 'install', '-q', ...packages], { timeout: wanted.timeoutMs });
    }
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? '';
    const tail = said === '' ? (error as Error).message : said.split('\n').slice(-8).join('\n');
    throw new BenchError(`build/${wanted.name} cannot be made:\n${tail}`, 1, error);
  }
  await writeFile(stamp, words);
  return python;
}
