import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';

/** Since when the task is in what it does now: in the queue, running, or here at all. */
export function phaseSince(task: Task): number {
  switch (task.phase) {
    case 'queued':
    case 'preempted':
      return task.queuedAt ?? task.submittedAt;
    case 'running':
    case 'fetching':
      return task.startedAt ?? task.queuedAt ?? task.submittedAt;
    default:
      return task.submittedAt;
  }
}

/** How long it took from the submit, up to now while it is live. */
export function elapsedMs(task: Task, now: number): number {
  const end = isTerminal(task.phase) ? (task.endedAt ?? task.submittedAt) : now;
  return Math.max(0, end - task.submittedAt);
}
