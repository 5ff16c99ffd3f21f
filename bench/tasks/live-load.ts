import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { BenchError } from '../bench-error.ts';
import type { RunningService } from '../service/service-process.ts';
import { submitTask, untilQueued } from './submit-task.ts';

/** What a service with many live tasks takes while nothing changes. */
export type LiveLoad = {
  tasks: number;
  /** Of one core, in percent. */
  cpuPercent: number;
  residentMb: number;
  queriesAMinute: number;
};

const SUBMIT_LIMIT_MS = 900_000;
const REST_MS = 60_000;
const WATCH_MS = 120_000;
const TICKS_A_SECOND = 100;

/** A `squeue` that counts its calls, for the knob `loginPath`. */
export async function writeCountingSqueue(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const script = `#!/bin/sh\necho call >>'${folder}/calls'\nexec /usr/bin/squeue "$@"\n`;
  await writeFile(join(folder, 'squeue'), script, { mode: 0o755 });
  await writeFile(join(folder, 'calls'), '');
}

/** Makes live tasks that wait in the queue, then watches the service at rest. */
export async function measureLiveLoad(
  { client, pid }: RunningService,
  folder: string,
  tasks: number
): Promise<LiveLoad> {
  const ids: string[] = [];
  for (let count = 0; count < tasks; count += 1) {
    ids.push((await submitTask(client, 'print("HELLO")', ['--hold'])).id);
  }
  await untilQueued(client, ids, SUBMIT_LIMIT_MS);
  await pause(REST_MS);
  const before = { cpu: await readCpuSeconds(pid), calls: await readCalls(folder) };
  await pause(WATCH_MS);
  const seconds = WATCH_MS / 1000;
  return {
    tasks,
    cpuPercent: (100 * ((await readCpuSeconds(pid)) - before.cpu)) / seconds,
    residentMb: await readResidentMb(pid),
    queriesAMinute: (60 * ((await readCalls(folder)) - before.calls)) / seconds
  };
}

async function readCalls(folder: string): Promise<number> {
  return (await readFile(join(folder, 'calls'), 'utf8')).split('\n').length - 1;
}

async function readCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

async function readResidentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kilobytes === undefined) {
    throw new BenchError(`The kernel does not tell the memory of process ${pid}.`);
  }
  return (Number(kilobytes) * 1024) / 1e6;
}
