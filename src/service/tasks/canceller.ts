import type { Logger } from 'pino';
import { isTerminal } from '../../shared/phases';
import type { Place, TaskRecord } from '../store/task-record';
import { runDirectory } from './build-job';
import type { IClock } from './clock';
import type { Hosts } from './hosts';
import { untilConnected, waitsForPerson } from './login-wait';
import { toAnswer } from './poller';
import type { TaskBoard } from './task-board';

export type CancellerOptions = {
  board: TaskBoard;
  hosts: Hosts;
  clock: IClock;
  log: Logger;
  /** The host has heard it: its end is near. */
  told: (record: TaskRecord) => void;
  stop: AbortSignal;
};

const TIMEOUT_MS = 60_000;
const AGAIN_MS = 15_000;

/** Carries a cancel to the host, for as long as that takes. */
export class Canceller {
  constructor(private readonly options: CancellerOptions) {}

  /** Repeat until the host has heard it; the end itself is the verdict's to see. */
  async cancel(id: string): Promise<void> {
    const { board, clock, log, told, stop } = this.options;
    while (!stop.aborted) {
      const record = board.get(id);
      const { place, jobId } = record;
      if (isTerminal(record.phase) || place === null || jobId === null) {
        return;
      }
      try {
        const { ok, message } = await this.tell(place, id, jobId);
        if (ok) {
          told(record);
          return;
        }
        log.warn({ task: id, answer: message }, 'the scheduler did not take the cancel');
      } catch (error) {
        log.warn({ task: id, err: error }, 'the cancel did not reach the host');
        const transport = this.options.hosts.transport(place);
        if (waitsForPerson(error, transport)) {
          await untilConnected(transport, stop);
          continue;
        }
      }
      await clock.delay(AGAIN_MS, stop);
    }
  }

  private async tell(
    place: Place,
    key: string,
    jobId: string
  ): Promise<{ ok: boolean; message: string }> {
    const scheduler = this.options.hosts.scheduler(place.scheduler);
    const transport = this.options.hosts.transport(place);
    const text = scheduler.buildCancel([{ key, jobId, directory: runDirectory(place, key) }]);
    const result = await transport.run(text, { action: 'cancel the job', timeoutMs: TIMEOUT_MS });
    return scheduler.parseCancel(toAnswer(result));
  }
}
