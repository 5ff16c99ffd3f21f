import type { FormerAttempt, Reason } from '../../shared/wire/task';
import type { JobReport } from '../schedulers/scheduler';
import type { TaskRecord } from '../store/task-record';
import { endReason } from './end-reasons';
import { reasonOf } from './reason';
import { usageOf } from './usage-of';

/** What was learned of an attempt that is over, since the scheduler started the job again. */
export type AttemptEnd = {
  record: Pick<TaskRecord, 'attempt' | 'node' | 'startedAt'>;
  /** The scheduler's last word; where it speaks of the next start already, `former` has this one. */
  report: JobReport | null;
  end: TaskRecord['end'];
  /** Seconds since the epoch on the cluster; null: it never began. */
  startedAt: number | null;
  nowMs: number;
};

/** The scheduler's word on this very start. */
function ownReport({ record, report }: AttemptEnd): JobReport | null {
  return report === null || report.restarts <= record.attempt
    ? report
    : (report.former?.[record.attempt] ?? null);
}

function reasonFor(report: JobReport | null): Reason {
  switch (report?.state) {
    case 'preempted':
      return endReason.preempted(report);
    case 'node-failed':
    case 'timed-out':
    case 'out-of-memory':
    case 'canceled':
      return reasonOf.report(report, false) ?? endReason.requeued(report);
    default:
      return endReason.requeued(report);
  }
}

/** An attempt as it is told once another one follows: nothing of it counts for the next. */
export function formerAttempt(attempt: AttemptEnd): FormerAttempt {
  const { record, end, startedAt, nowMs } = attempt;
  const report = ownReport(attempt);
  const endedAt = report?.endedAt ?? null;
  return {
    attempt: record.attempt,
    node: report?.node ?? record.node,
    startedAt: record.startedAt,
    endedAt: endedAt === null ? nowMs : endedAt * 1000,
    reason: reasonFor(report),
    usage: usageOf({
      worker: end?.usage ?? null,
      books: report?.usage ?? null,
      startedAt: startedAt ?? report?.startedAt ?? null,
      endedAt
    })
  };
}
