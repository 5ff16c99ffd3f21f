import type { TranslationBundle } from '@jupyterlab/translation';
import type { FormerAttempt } from '../../shared/wire/task';
import { formatDuration } from './format-duration';

/** One earlier start of a job: “attempt 1 on node2, 0:12: preempted by another job”. */
export function attemptWords(former: FormerAttempt, trans: TranslationBundle): string {
  const { attempt, node, startedAt, endedAt, reason } = former;
  // People count from one.
  const name = trans.__('attempt %1', attempt + 1);
  const place = node === null ? name : trans.__('%1 on %2', name, node);
  const time = startedAt === null ? place : `${place}, ${formatDuration(endedAt - startedAt)}`;
  return reason === null ? time : `${time}: ${reason.message}`;
}
