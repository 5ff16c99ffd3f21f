import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import type { Place, TaskRecord } from '../store/task-record';
import type { IClock } from './clock';
import type { Hosts } from './hosts';
import { untilConnected, waitsForPerson } from './login-wait';
import { reasonOf } from './reason';
import type { ResultFetcher } from './result-fetcher';
import { plainLine } from './result-rules';
import type { TaskBoard } from './task-board';
import type { ITaskFiles } from './task-files';
import { translateFault } from './translate-fault';

export type FinisherOptions = {
  board: TaskBoard;
  results: ResultFetcher;
  files: ITaskFiles;
  hosts: Hosts;
  clock: IClock;
  log: Logger;
  logPath: string;
  stop: AbortSignal;
};

const AGAIN_MS = [2000, 5000, 15_000, 30_000, 60_000] as const;

function isPassing(error: unknown): boolean {
  return error instanceof SluiceError && error.entry.family === 'ssh' && error.entry.retry;
}

/** Brings a task from `fetching` to its end. */
export class Finisher {
  constructor(private readonly options: FinisherOptions) {}

  /** Fetch the results, then the files; a lost link is waited out, another fault leaves them there with its words. */
  async finish(id: string): Promise<void> {
    const { board, results, clock, log, stop } = this.options;
    for (let tries = 0; !stop.aborted; tries += 1) {
      const record = board.get(id);
      const { place, outcome } = record;
      if (place === null || outcome === null) {
        throw new Error(`task ${id} fetches without a place or an outcome`);
      }
      try {
        const variables = await results.fetch(record, place, stop);
        await this.end(record, { reason: outcome.reason, variables });
        return;
      } catch (error) {
        if (this.isStopped()) {
          // Ended by the service itself: it goes on when it is there again.
          return;
        }
        log.warn({ task: id, err: error }, 'the results could not be fetched');
        if (await this.waited(record, place, error)) {
          continue;
        }
        if (!isPassing(error)) {
          await this.leaveThere(record, error);
          return;
        }
        board.patch(id, { progress: 'waiting for the connection to fetch the results' });
        await clock.delay(AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)] ?? 0, stop);
      }
    }
  }

  private isStopped(): boolean {
    return this.options.stop.aborted;
  }

  /** Wait for a login where the host waits for a person; false: it was something else. */
  private async waited(record: TaskRecord, place: Place, error: unknown): Promise<boolean> {
    const { board, hosts, stop } = this.options;
    const transport = hosts.transport(place);
    if (!waitsForPerson(error, transport)) {
      return false;
    }
    const { id, target } = record;
    const reason = reasonOf.needsLogin(transport.host, target, error);
    board.patch(id, { reason, progress: null });
    await untilConnected(transport, stop);
    if (!stop.aborted) {
      board.patch(id, { reason: null });
    }
    return true;
  }

  private async leaveThere(record: TaskRecord, error: unknown): Promise<void> {
    const { logPath } = this.options;
    const { outcome, results } = record;
    const fault = translateFault(error, logPath);
    const reason = fault.message;
    const variables = results.map(({ name, type, bytes }) => ({
      ...{ name: plainLine(name, 500), type: plainLine(type, 200), bytes },
      ...{ format: null, files: [], reason, kept: null }
    }));
    await this.end(record, {
      reason: outcome?.reason ?? reasonOf.problem(fault.toProblem()),
      variables
    });
  }

  /** The values are here, or stay there: then the files that come by themselves, and the end. */
  private async end(
    { id, outcome }: TaskRecord,
    change: Pick<TaskRecord, 'reason' | 'variables'>
  ): Promise<void> {
    const { board, files, log, stop } = this.options;
    try {
      if (!(await files.comeHome(id, stop))) {
        return;
      }
    } catch (error) {
      // They are still there; how the task ended must not wait for a fault of ours.
      log.error({ task: id, err: error }, 'a fault of Sluice itself kept the files there');
    }
    board.move(id, outcome?.phase ?? 'unknown', change);
  }
}
