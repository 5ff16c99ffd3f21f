import { BenchError } from '../bench-error.ts';
import { runCell } from '../service/run-cell.ts';
import type { UnixClient } from '../service/unix-client.ts';
import { readStamp } from './bench-cluster.ts';
import { readWorkerStamps } from './worker-stamps.ts';

/** The stages of a cell's road, in their order; each is the milliseconds since the one before. */
export type Stages = {
  'request to handed over': number;
  'handed over to job start': number;
  'job start to worker': number;
  'worker to printed': number;
  'printed to visible': number;
  'visible to result': number;
};

/** What one cell took through Sluice. */
export type SluiceRun = {
  toOutputMs: number;
  toResultMs: number;
  startToOutputMs: number;
  stages: Stages;
};

/** Runs the cell of a round over the whole road: request, ssh, Slurm, worker, and back. */
export async function runSluiceRoad(client: UnixClient, stampDir: string): Promise<SluiceRun> {
  const run = await runCell(client, 'testbed', 'print("HELLO")');
  const { task, requestedMs, firstOutputMs, endedMs } = run;
  if (firstOutputMs === null || task.jobId === null || task.directory === null) {
    throw new BenchError(`The task ${task.id} ended without an output or a job.`);
  }
  const jobStartMs = await readStamp(stampDir, task.jobId);
  const { startedMs, printedMs } = await readWorkerStamps(task.directory);
  const queuedMs = task.queuedAt ?? NaN;
  return {
    toOutputMs: firstOutputMs - requestedMs,
    toResultMs: endedMs - requestedMs,
    startToOutputMs: firstOutputMs - jobStartMs,
    stages: {
      'request to handed over': queuedMs - requestedMs,
      'handed over to job start': jobStartMs - queuedMs,
      'job start to worker': startedMs - jobStartMs,
      'worker to printed': printedMs - startedMs,
      'printed to visible': firstOutputMs - printedMs,
      'visible to result': endedMs - firstOutputMs
    }
  };
}
