import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { BenchError } from '../bench-error.ts';
import { withCleanUp } from '../with-clean-up.ts';
import { makeOwnState } from './own-state.ts';
import { runCell } from './run-cell.ts';
import { startService } from './service-process.ts';

/** Resident memory of one service, in megabytes of 10^6 bytes. */
export type ResidentMemory = { fresh: number; afterCells: number };

const REST_MS = 10_000;
const CELLS = 10;

/** The memory of a service at rest: after its first answer, and after it has run some cells. */
export async function measureMemory(scratch: string): Promise<ResidentMemory> {
  return withCleanUp(async cleanUp => {
    const { pid, client, end } = await startService(await makeOwnState(scratch));
    cleanUp(end);
    await client.get('/health');
    await pause(REST_MS);
    const fresh = await readResidentMb(pid);
    for (let count = 0; count < CELLS; count += 1) {
      await runCell(client, 'here', 'print("HELLO")');
    }
    await pause(REST_MS);
    return { fresh, afterCells: await readResidentMb(pid) };
  });
}

async function readResidentMb(pid: number): Promise<number> {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) {
    throw new BenchError(`The kernel does not tell the memory of process ${pid}.`);
  }
  return (Number(kilobytes) * 1024) / 1e6;
}
