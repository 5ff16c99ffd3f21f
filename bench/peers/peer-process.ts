import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

import { LineProcess } from '../line-process.ts';

const READY_TIMEOUT_MS = 60_000;
const CALL_TIMEOUT_MS = 180_000;

/** A peer that is a Python library: `call` has it do its job once and gives the milliseconds. */
export type PeerProcess = {
  version: string;
  call: () => Promise<number>;
  end: () => Promise<void>;
};

/** Starts a peer's Python program; it says its version when it is ready. */
export async function startPeer(options: {
  python: string;
  program: string;
  arguments: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string>>;
}): Promise<PeerProcess> {
  const { python, program, cwd } = options;
  const path = resolve(import.meta.dirname, program);
  const child = spawn(python, ['-u', path, ...options.arguments], {
    cwd,
    env: { ...process.env, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe']
  });
  const peer = new LineProcess(program, child);
  const answer = async (timeoutMs: number): Promise<Record<string, unknown>> => {
    for (;;) {
      const line = await peer.nextLine(timeoutMs);
      // Libraries print what they like; only our own lines are JSON.
      if (line.startsWith('{')) {
        return JSON.parse(line) as Record<string, unknown>;
      }
    }
  };
  try {
    const { version } = await answer(READY_TIMEOUT_MS);
    const call = async (): Promise<number> => {
      peer.write('once');
      return Number((await answer(CALL_TIMEOUT_MS))['seconds']) * 1000;
    };
    return { version: String(version), call, end: () => peer.end() };
  } catch (error) {
    await peer.end();
    throw error;
  }
}
