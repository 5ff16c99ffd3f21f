import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real ssh-agent with keys in it. */
export type LoopbackAgent = { socket: string; stop(): Promise<void> };

/** Start an agent and load key files without a passphrase. */
export async function startAgent(keyPaths: readonly string[]): Promise<LoopbackAgent> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-'));
  const socket = join(folder, 'socket');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  // It prints the variable when it listens.
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('ssh-agent did not start')));
    createInterface({ input: child.stdout }).once('line', () => resolve());
  });
  await run('ssh-add', ['-q', ...keyPaths], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return {
    socket,
    stop: async () => {
      child.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    }
  };
}
