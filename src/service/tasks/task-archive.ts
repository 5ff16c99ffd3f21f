import { SluiceError } from '../../shared/errors';
import { shQuote } from '../../shared/sh-quote';
import type { TaskRecord } from '../store/task-record';
import type { Hosts } from './hosts';

const TIMEOUT_MS = 600_000;

/** What a task left in its directories on the host. */
export class TaskArchive {
  constructor(private readonly hosts: Hosts) {}

  /**
   * The newest attempt's `results/` and `work/` as a tar.
   *
   * Errors: `not-found` when the task never reached a host, `download-failed`.
   */
  async read(record: TaskRecord): Promise<Buffer> {
    const { place, id, attempt } = record;
    if (place === null) {
      throw new SluiceError('not-found', { what: 'file of task', id });
    }
    const path = `${place.root}/runs/${id}/attempts/${attempt}`;
    const transport = this.hosts.transport(place);
    const script = `cd ${shQuote(path)} && tar -cf - results work`;
    const action = 'fetch the files';
    const { status, stdout, stderr } = await transport.run(script, {
      action,
      timeoutMs: TIMEOUT_MS
    });
    if (status !== 0) {
      throw new SluiceError('download-failed', {
        path,
        host: transport.host,
        problem: stderr.trim()
      });
    }
    return stdout;
  }
}
