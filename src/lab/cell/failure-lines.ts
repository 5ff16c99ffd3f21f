import type { Task } from '../../shared/wire/task';

/**
 * What the cell has to say of a task that ended badly: message and hint, or null when there is
 * nothing to add to its outputs (it went well, a person canceled it, or its own error is shown).
 */
export function failureLines(task: Task, hasErrorOutput: boolean): readonly string[] | null {
  if (task.phase === 'completed' || task.phase === 'canceled' || hasErrorOutput) {
    return null;
  }
  const message = task.reason?.message ?? `The task ended: ${task.phase}.`;
  const hint = task.reason?.hint ?? null;
  return hint === null ? [message] : [message, hint];
}
