import type { Reason } from '../../shared/wire/task';
import type { JobReport } from '../schedulers/scheduler';
import { makeReason, tokenOf } from './end-reasons';

const LOOK = 'Look at its log in its folder there, then decide: wait, give it up, or run it again.';

/** Why it cannot be told what became of a task: what is known, and what the person can do. */
export const doubtReason = {
  noEndRecord: (report: JobReport | null): Reason =>
    makeReason(
      ['no-end-record', 'The job is over, but its worker left no word of how it ended.', LOOK],
      report === null ? null : tokenOf(report)
    ),
  absent: (books: string | null): Reason =>
    makeReason(
      [
        'absent',
        'The scheduler no longer knows the job, and its worker is silent.' +
          (books === null ? '' : ` Its books could not be asked: ${books}`),
        LOOK
      ],
      null
    ),
  outputMissing: (): Reason =>
    makeReason(
      [
        'output-missing',
        'The job is over and left word of its end, but a part of its output cannot be read.',
        LOOK
      ],
      null
    ),
  toldToStop: (): Reason =>
    makeReason(
      [
        'terminated',
        'The job was told to stop, and the scheduler no longer knows why.',
        'Decide: give it up, or run it again. What it had printed is here.'
      ],
      null
    ),
  revoked: (report: JobReport): Reason =>
    makeReason(
      ['revoked', 'Another cluster of the federation took the job over.', LOOK],
      tokenOf(report)
    ),
  unknownWord: (report: JobReport): Reason =>
    makeReason(
      [
        'unknown-word',
        `The scheduler says “${report.token}”, which Sluice does not know; it goes on watching.`,
        null
      ],
      tokenOf(report)
    ),
  outlives: (report: JobReport | null): Reason =>
    makeReason(
      [
        'outlives',
        'The scheduler does not count it as running any more, but its worker is still at work.',
        null
      ],
      report === null ? null : tokenOf(report)
    )
} as const;
