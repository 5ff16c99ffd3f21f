import type { TranslationBundle } from '@jupyterlab/translation';
import type { Task } from '../../shared/wire/task';
import { phaseWord } from './phase-words';

/** What a task looks like at a glance; each has an icon of its own. */
export type TaskLook =
  | 'waiting'
  | 'held'
  | 'again'
  | 'running'
  | 'done'
  | 'failed'
  | 'timed-out'
  | 'out-of-memory'
  | 'node-failed'
  | 'canceled'
  | 'unknown';

type State = Pick<Task, 'phase' | 'reason' | 'formerAttempts'>;

/** How a task looks. */
export function taskLook(task: State): TaskLook {
  switch (task.phase) {
    case 'queued':
      return isHeld(task) ? 'held' : task.formerAttempts.length > 0 ? 'again' : 'waiting';
    case 'preempted':
      return 'again';
    case 'preparing':
    case 'submitting':
      return 'waiting';
    case 'running':
    case 'fetching':
      return 'running';
    case 'completed':
      return 'done';
    case 'failed':
    case 'timed-out':
    case 'out-of-memory':
    case 'node-failed':
    case 'canceled':
    case 'unknown':
      return task.phase;
  }
}

/** The state in a word or two: the phase, or what is more than that. */
export function stateWord(task: State, trans: TranslationBundle): string {
  if (isHeld(task)) {
    return trans.__('held');
  }
  if (task.phase === 'failed' && task.reason?.code === 'launch-failed') {
    return trans.__('not started');
  }
  if (task.phase === 'preempted') {
    return trans.__('preempted, queued again');
  }
  if (task.phase === 'queued' && task.formerAttempts.length > 0) {
    return trans.__('queued again');
  }
  return phaseWord(task.phase, trans);
}

function isHeld({ phase, reason }: State): boolean {
  return phase === 'queued' && reason?.code === 'held';
}
