import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { BenchError } from '../bench-error.ts';
import { nowMs } from '../measure/now-ms.ts';
import type { UnixClient } from '../service/unix-client.ts';
import { submitTask, type SeenTask } from './submit-task.ts';

type Batch = { task: SeenTask & { directory: string | null }; events: { index: number }[] };

const LIMIT_MS = 60_000;

/** How a task fails, and which file there has the record of it. */
export const FAILURES = {
  'the cell raises': { source: 'raise ValueError("no")', record: 'end.json' },
  'its process dies': { source: 'import os\nos.kill(os.getpid(), 11)', record: 'exit' }
} as const;

/** Milliseconds from the record of a failure on the cluster until its verdict is here. */
export async function measureFailureNews(
  client: UnixClient,
  { source, record }: (typeof FAILURES)[keyof typeof FAILURES]
): Promise<number> {
  const { id } = await submitTask(client, source);
  const startMs = nowMs();
  let after = 0;
  while (nowMs() - startMs < LIMIT_MS) {
    const { task, events } = await client.get<Batch>(
      `/api/events/${id}?after=${after}&waitMs=20000`
    );
    const seenMs = nowMs();
    after = events.at(-1)?.index ?? after;
    if (task.phase === 'failed') {
      return seenMs - (await recordedAtMs(task.directory, record));
    }
  }
  throw new BenchError(`The task ${id} did not fail within ${LIMIT_MS / 1000} s.`);
}

async function recordedAtMs(directory: string | null, record: string): Promise<number> {
  if (directory === null) {
    throw new BenchError('The task failed before it was handed over.');
  }
  const path = join(directory, 'attempts/0', record);
  // Read too: an empty record would be no record.
  if ((await readFile(path, 'utf8')) === '') {
    throw new BenchError(`${path} is empty.`);
  }
  return (await stat(path)).mtimeMs;
}
