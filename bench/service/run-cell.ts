import { randomUUID } from 'node:crypto';

import { BenchError } from '../bench-error.ts';
import { nowMs } from '../measure/now-ms.ts';
import type { UnixClient } from './unix-client.ts';

/** What the benchmarks read of a task. */
export type BenchTask = {
  id: string;
  phase: string;
  reason: { message: string } | null;
  jobId: string | null;
  submittedAt: number;
  queuedAt: number | null;
  lastIndex: number;
  directory: string | null;
  variables: { name: string; reason: string | null }[];
};

type BenchEvent = { index: number; type: string };
type Batch = { task: BenchTask; events: BenchEvent[] };

/** When each thing was seen here, in milliseconds of the time of day. */
export type CellRun = {
  task: BenchTask;
  requestedMs: number;
  firstOutputMs: number | null;
  endedMs: number;
};

const END_PHASES = ['completed', 'failed', 'canceled', 'timed-out', 'out-of-memory', 'node-failed'];
const LONGEST_RUN_MS = 120_000;
const WAIT_MS = 20_000;

/** Runs a cell through the service to its end, as `%%slurm` does: a request, then long polls. */
export async function runCell(
  client: UnixClient,
  target: string,
  source: string
): Promise<CellRun> {
  const requestedMs = nowMs();
  const { id } = await client.post<BenchTask>('/api/submit', submitBody(target, source));
  return followToEnd(client, id, requestedMs);
}

async function followToEnd(client: UnixClient, id: string, requestedMs: number): Promise<CellRun> {
  let after = 0;
  let firstOutputMs: number | null = null;
  while (nowMs() - requestedMs < LONGEST_RUN_MS) {
    const path = `/api/events/${id}?after=${after}&waitMs=${WAIT_MS}`;
    const { task, events } = await client.get<Batch>(path);
    const seenMs = nowMs();
    after = events.at(-1)?.index ?? after;
    if (events.some(({ type }) => type === 'stream')) {
      firstOutputMs ??= seenMs;
    }
    if (END_PHASES.includes(task.phase) && after >= task.lastIndex) {
      return requireCompleted({ task, requestedMs, firstOutputMs, endedMs: seenMs });
    }
  }
  throw new BenchError(`The task ${id} did not end within ${LONGEST_RUN_MS / 1000} s.`);
}

function requireCompleted(run: CellRun): CellRun {
  const { task } = run;
  if (task.phase !== 'completed') {
    const why = task.reason?.message ?? 'no reason given';
    throw new BenchError(`The task ${task.id} ended as ${task.phase}: ${why}`);
  }
  return run;
}

function submitBody(target: string, source: string): unknown {
  return {
    requestId: randomUUID(),
    target,
    resources: {},
    payload: { kind: 'cell', source, outputs: null },
    origin: null,
    projectDir: null,
    capture: null
  };
}
