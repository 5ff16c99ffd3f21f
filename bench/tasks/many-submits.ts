import { BenchError } from '../bench-error.ts';
import { nowMs } from '../measure/now-ms.ts';
import type { BenchCluster } from '../road/bench-cluster.ts';
import type { KeptSsh } from '../road/kept-ssh.ts';
import type { UnixClient } from '../service/unix-client.ts';
import { submitTask, untilQueued } from './submit-task.ts';

const LIMIT_MS = 180_000;
// Held, so that no job's own start is in the way of the next submit.
const HOLD = ['--hold'];

/** Milliseconds from the first request until Slurm has accepted the last of the tasks. */
export async function measureSubmits(client: UnixClient, count: number): Promise<number> {
  const startMs = nowMs();
  const tasks = await Promise.all(
    Array.from({ length: count }, () => submitTask(client, 'print("HELLO")', HOLD))
  );
  const queued = await untilQueued(
    client,
    tasks.map(({ id }) => id),
    LIMIT_MS
  );
  const refused = queued.find(({ phase }) => phase !== 'queued');
  if (refused !== undefined) {
    throw new BenchError(`A task is ${refused.phase}: ${refused.reason?.message ?? ''}`);
  }
  return Math.max(...queued.map(({ queuedAt }) => queuedAt ?? NaN)) - startMs;
}

/** Milliseconds for as many `sbatch` calls, one after another, each a session of the kept connection. */
export async function measureBareSubmits(
  { environment }: BenchCluster,
  ssh: KeptSsh,
  count: number
): Promise<number> {
  const conf = environment['SLURM_CONF'] ?? '';
  const command = `SLURM_CONF='${conf}' sbatch --parsable --hold -o /dev/null --wrap true`;
  const startMs = nowMs();
  for (let done = 0; done < count; done += 1) {
    await ssh.run(command);
  }
  return nowMs() - startMs;
}
