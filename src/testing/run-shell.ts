import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Answer } from '../service/schedulers/scheduler';

export type ShellOptions = { shell?: string; environment?: NodeJS.ProcessEnv };

/** Run a script as transports do: on the stdin of a shell without login. */
export async function runShell(script: string, options: ShellOptions = {}): Promise<Answer> {
  const { shell = '/bin/sh', environment = process.env } = options;
  const child = spawn(shell, [], { env: environment, stdio: 'pipe' });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => {
      resolve(code ?? -1);
    });
  });
  child.stdin.end(script);
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended
  ]);
  return { status, stdout, stderr };
}
