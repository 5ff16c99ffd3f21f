import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { TaskStore } from '../store/task-store';
import type { IClock } from '../tasks/clock';
import type { TaskBoard } from '../tasks/task-board';

export type HistoryOptions = {
  tasks: TaskStore;
  board: TaskBoard;
  clock: IClock;
  log: Logger;
  resultsDir: string;
  /** After how many days what a task said is forgotten; 0: never. */
  keepDays: () => number;
};

const DAY_MS = 86_400_000;
const GONE = 'it was removed here with the outputs of old tasks: see keep_history_days';

/** Forgets here what tasks said and brought that ended long ago; that they were and how they ended stays. */
export class History {
  constructor(private readonly options: HistoryOptions) {}

  /** Once now, and once a day until the signal. */
  async keep(stop: AbortSignal): Promise<void> {
    const { clock, log } = this.options;
    while (!stop.aborted) {
      try {
        await this.forget(stop);
      } catch (error) {
        // Nobody waits for it; it is tried again another day.
        log.warn({ err: error }, 'old outputs could not be removed');
      }
      await clock.delay(DAY_MS, stop);
    }
  }

  private async forget(stop: AbortSignal): Promise<void> {
    const { tasks, board, clock, log, resultsDir } = this.options;
    const days = this.options.keepDays();
    const old = days === 0 ? [] : tasks.endedBefore(clock.nowMs() - days * DAY_MS);
    for (const id of old) {
      if (stop.aborted) {
        return;
      }
      const { variables } = board.get(id);
      if (variables.length > 0) {
        const gone = variables.map(own => ({ ...own, files: [], reason: own.reason ?? GONE }));
        board.patch(id, { variables: gone });
      }
      await rm(join(resultsDir, id), { recursive: true, force: true });
      // Last: as long as there are events, the task is looked at again.
      tasks.forgetEvents(id);
    }
    if (old.length > 0) {
      log.info({ tasks: old.length, days }, 'what old tasks said was removed');
    }
  }
}
