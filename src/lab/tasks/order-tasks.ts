import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';

/** Live tasks first, newest submit on top; then finished ones, the last to end on top. */
export function orderTasks(tasks: readonly Task[]): readonly Task[] {
  const live = tasks.filter(task => !isTerminal(task.phase));
  const finished = tasks.filter(task => isTerminal(task.phase));
  live.sort((a, b) => b.submittedAt - a.submittedAt);
  finished.sort((a, b) => endOf(b) - endOf(a));
  return [...live, ...finished];
}

function endOf(task: Task): number {
  return task.endedAt ?? task.submittedAt;
}
