import { BenchError } from '../bench-error.ts';
import { runCell } from '../service/run-cell.ts';
import type { UnixClient } from '../service/unix-client.ts';

/** How long a trivial cell takes on `here`, from the request until its value has come home. */
export async function callHere(client: UnixClient): Promise<number> {
  const { task, requestedMs, endedMs } = await runCell(client, 'here', 'answer = 2 * 21');
  const answer = task.variables.find(({ name }) => name === 'answer');
  if (answer?.reason !== null) {
    throw new BenchError(
      `The value of the cell stayed away: ${answer?.reason ?? 'no reason given'}`
    );
  }
  return endedMs - requestedMs;
}
