import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { nowMs } from '../measure/now-ms.ts';
import { makeOwnState } from '../service/own-state.ts';
import { runCell } from '../service/run-cell.ts';
import { startService } from '../service/service-process.ts';
import { withCleanUp } from '../with-clean-up.ts';

const PAGE = '/api/tasks?limit=50';

/** Milliseconds for the list's first page, several times, in a store with so many finished tasks. */
export async function measureList(
  scratch: string,
  tasks: number,
  rounds: number
): Promise<number[]> {
  const state = await makeOwnState(scratch);
  const first = await startService(state);
  try {
    await runCell(first.client, 'here', 'print("HELLO")');
  } finally {
    await first.end();
  }
  multiply(join(state['SLUICE_STATE'] ?? '', 'store.db'), tasks);
  return withCleanUp(async cleanUp => {
    const { client, end } = await startService(state);
    cleanUp(end);
    await client.get(PAGE);
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startMs = nowMs();
      await client.get(PAGE);
      times.push(nowMs() - startMs);
    }
    return times;
  });
}

/** One finished task becomes as many as are wanted, with other ids. */
function multiply(path: string, tasks: number): void {
  const store = new DatabaseSync(path);
  try {
    store.exec(`
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${tasks - 1})
      INSERT INTO tasks (id, request_id, phase, created_at, notebook_path, record)
      SELECT id || '-' || n, request_id || '-' || n, phase, created_at - n, notebook_path,
             json_set(record, '$.id', id || '-' || n, '$.requestId', request_id || '-' || n)
      FROM tasks, numbers`);
  } finally {
    store.close();
  }
}
