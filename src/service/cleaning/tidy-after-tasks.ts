import type { Logger } from 'pino';
import { isTerminal } from '../../shared/phases';
import type { TaskBoard } from '../tasks/task-board';
import type { Cleaner } from './cleaner';

/** Have the roots cleaned when tasks end there; the returned function ends that. */
export function tidyAfterTasks(board: TaskBoard, cleaner: Cleaner, log: Logger): () => void {
  return board.listen({
    task: ({ id, phase }) => {
      const record = isTerminal(phase) ? board.find(id) : undefined;
      if (record !== undefined) {
        tidy(cleaner, record, log);
      }
    }
  });
}

function tidy(cleaner: Cleaner, record: Parameters<Cleaner['tidy']>[0], log: Logger): void {
  cleaner.tidy(record).then(
    report => {
      if (report !== null) {
        const { removed, bytesBefore, bytesAfter } = report;
        log.info(
          { target: record.target, removed: removed.length, bytesBefore, bytesAfter },
          'tidied'
        );
      }
    },
    (error: unknown) => {
      // Nobody waits for it; it is tried again another day.
      log.warn({ target: record.target, err: error }, 'could not be tidied');
    }
  );
}
