import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { BenchError } from '../bench-error.ts';
import { LineProcess } from '../line-process.ts';
import { UnixClient } from './unix-client.ts';

const ENTRY = resolve(import.meta.dirname, '../../sluice/service/main.cjs');
const START_TIMEOUT_MS = 30_000;

/** A service of ours and how to talk to it. */
export type RunningService = { pid: number; client: UnixClient; end: () => Promise<void> };

/**
 * Starts the service of a state directory; resolves when it says that it listens. `environment`
 * holds at least `SLUICE_STATE` and `SLUICE_CONFIG`.
 */
export async function startService(
  environment: Readonly<Record<string, string>>
): Promise<RunningService> {
  if (!existsSync(ENTRY)) {
    throw new BenchError('The service is not built. Run "npm run build".', 2);
  }
  const child = spawn(process.execPath, [ENTRY, 'serve'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  const service = new LineProcess('The service', child);
  try {
    const word = await service.nextLine(START_TIMEOUT_MS);
    if (word !== 'ready') {
      throw new BenchError(`The service said "${word}" instead of "ready".`);
    }
    const client = new UnixClient(await readSocket(environment['SLUICE_STATE'] ?? ''));
    const end = async (): Promise<void> => {
      client.close();
      await service.end();
    };
    return { pid: service.pid, client, end };
  } catch (error) {
    await service.end();
    throw error;
  }
}

async function readSocket(state: string): Promise<string> {
  const text = await readFile(join(state, 'endpoint.json'), 'utf8');
  return (JSON.parse(text) as { unix: string }).unix;
}
