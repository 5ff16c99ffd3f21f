import type { TaskEvent } from '../../shared/wire/events';
import type { Finding } from '../../shared/wire/rehearsal';
import type { Task } from '../../shared/wire/task';

function inWords({ reason, phase }: Task): string {
  return reason === null
    ? `The rehearsal ended as ${phase}.`
    : [reason.message, reason.hint].filter(Boolean).join(' ');
}

/** What a task says whose worker could not: it never began, was killed, or crashed. */
function withoutWord(task: Task, isOverdue: boolean): Finding {
  const { startedAt, endedAt, phase } = task;
  const seconds = startedAt === null ? 0 : ((endedAt ?? startedAt) - startedAt) / 1000;
  const nothing = { ok: false, seconds, uncaptured: [] };
  if (isOverdue) {
    const message =
      startedAt === null
        ? 'The rehearsal did not begin in time.'
        : 'The time of the rehearsal was up, and its code did not let itself be interrupted.';
    return { ...nothing, stopped: 'time', message };
  }
  if (task.cancelRequested || phase === 'canceled') {
    return { ...nothing, stopped: 'canceled', message: 'The rehearsal was canceled.' };
  }
  return { ...nothing, stopped: 'exception', message: inWords(task) };
}

/** What a rehearsal found out, from its worker's own words where there are any. */
export function findingOf(task: Task, events: readonly TaskEvent[], isOverdue: boolean): Finding {
  const said = events.findLast(event => event.type === 'rehearsal');
  return said?.type === 'rehearsal' ? said.data : withoutWord(task, isOverdue);
}
