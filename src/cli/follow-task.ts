import type { TaskEvent } from '../shared/wire/events';
import type { Task } from '../shared/wire/task';
import { isTerminal } from '../shared/phases';
import type { ServiceAccess } from './service/service-access';

const WAIT_MS = 20_000;

export type TaskSink = {
  event: (event: TaskEvent) => void;
  /** Told whenever something of the task may have changed. */
  task: (task: Task) => void;
  /** Waiting on is of no use; the task stays. */
  isEnough?: (task: Task) => boolean;
};

/**
 * Bring a task's events, each once and in order, until it has ended and the last one is here. The
 * service may die and come back meanwhile.
 */
export async function followTask(access: ServiceAccess, id: string, sink: TaskSink): Promise<Task> {
  let after = 0;
  let known = 0;
  for (;;) {
    const seen = known;
    const batch = await access.ask(client => client.events(id, after, WAIT_MS, seen));
    const { task, events } = batch;
    known = batch.revision;
    sink.task(task);
    for (const event of events) {
      sink.event(event);
      after = event.index;
    }
    const isOver = isTerminal(task.phase) && after >= task.lastIndex;
    if (isOver || sink.isEnough?.(task) === true) {
      return task;
    }
  }
}
