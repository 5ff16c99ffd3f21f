import { spawn } from 'node:child_process';

import { BenchError } from '../bench-error.ts';
import { LineProcess } from '../line-process.ts';
import { nowMs } from '../measure/now-ms.ts';
import { makeOwnState } from './own-state.ts';
import { startService } from './service-process.ts';

/** From the start of the service's process to its first answer, in a new state directory. */
export async function measureColdStart(scratch: string): Promise<number> {
  const environment = await makeOwnState(scratch);
  const startMs = nowMs();
  const service = await startService(environment);
  try {
    await service.client.get('/health');
    return nowMs() - startMs;
  } finally {
    await service.end();
  }
}

/** What any Node program costs at least: one that does nothing. */
export async function measureEmptyNode(): Promise<number> {
  const startMs = nowMs();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new LineProcess('node', child).exited;
  if (child.exitCode !== 0) {
    throw new BenchError(`"node -e 0" ended with ${String(child.exitCode)}.`);
  }
  return nowMs() - startMs;
}
