import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { BenchError } from '../bench-error.ts';
import { nowMs } from '../measure/now-ms.ts';
import type { UnixClient } from '../service/unix-client.ts';

/** What these benchmarks read of a task. */
export type SeenTask = {
  id: string;
  phase: string;
  reason: { code: string; message: string } | null;
  jobId: string | null;
  queuedAt: number | null;
  endedAt: number | null;
};

const POLL_MS = 50;

/** Asks for a task; the service answers before anything of it is sent. */
export function submitTask(
  client: UnixClient,
  source: string,
  sbatch: readonly string[] = []
): Promise<SeenTask> {
  return client.post<SeenTask>('/api/submit', {
    requestId: randomUUID(),
    target: 'testbed',
    resources: sbatch.length === 0 ? {} : { sbatch },
    payload: { kind: 'cell', source, outputs: null },
    origin: null,
    projectDir: null,
    capture: null
  });
}

/** Waits until each of the tasks was accepted by Slurm. */
export async function untilQueued(
  client: UnixClient,
  ids: readonly string[],
  limitMs: number
): Promise<SeenTask[]> {
  const deadline = nowMs() + limitMs;
  const done = new Map<string, SeenTask>();
  for (;;) {
    for (const id of ids.filter(each => !done.has(each))) {
      const task = await client.get<SeenTask>(`/api/status/${id}`);
      if (task.phase !== 'preparing' && task.phase !== 'submitting') {
        done.set(id, task);
      } else {
        // The others were asked for later, and are not further.
        break;
      }
    }
    if (done.size === ids.length) {
      return [...done.values()];
    }
    if (nowMs() > deadline) {
      throw new BenchError(`Only ${done.size} of ${ids.length} tasks were accepted in time.`);
    }
    await pause(POLL_MS);
  }
}
