import type { JobState } from '../schedulers/scheduler';
import type { ExitRecord } from '../store/task-record';
import { doubtReason } from './doubt-reasons';
import { ABSENCE_MS } from './end-rules';
import { endReason } from './end-reasons';
import { be, type Evidence, reportOf, type Rule, wait } from './evidence';

const KILLED = 137;
const TERMINATED = 143;
/** The worker leaves with these in its own time, and writes its end record before. */
const ORDERLY: ReadonlySet<number> = new Set([0, 1, 2, TERMINATED]);

/** Ends of a job that say more than the status of its worker. */
const TELLING: ReadonlySet<JobState> = new Set([
  'canceled',
  'timed-out',
  'out-of-memory',
  'node-failed',
  'preempted'
]);

/** Whether the worker left by itself, so that its end record must be there. */
export function isOrderly({ status }: ExitRecord): boolean {
  return ORDERLY.has(status);
}

/** The script says that the worker is gone, the worker says nothing, and the scheduler knows no better. */
const withExit =
  (test: (exit: ExitRecord, evidence: Evidence) => boolean) =>
  (evidence: Evidence): boolean => {
    const { end, exit } = evidence;
    const report = reportOf(evidence);
    const isExplained = report !== null && TELLING.has(report.state);
    return end === null && exit !== null && !isExplained && test(exit, evidence);
  };

function exited(evidence: Evidence): ExitRecord {
  if (evidence.exit === null) {
    throw new Error('a rule about the exit record without one');
  }
  return evidence.exit;
}

/** Whether the scheduler may still say why it was killed: for its time, its memory, a cancel. */
function mayBeExplained({ status, oomKills }: ExitRecord, evidence: Evidence): boolean {
  const isKill = status === KILLED && (oomKills === null || evidence.cancelRequested);
  return (status === TERMINATED || isKill) && reportOf(evidence)?.state !== 'failed';
}

/** What the status of the worker says where it left no record: known at once, without the scheduler. */
export const EXIT_RULES: readonly Rule[] = [
  {
    name: 'after the exit record all is read once more',
    when: e => e.end === null && e.exit !== null && !e.drained,
    verdict: () => wait()
  },
  {
    name: 'the kernel killed it for memory',
    when: withExit(exit => exit.status === KILLED && (exit.oomKills ?? 0) > 0),
    verdict: () => be('out-of-memory', endReason.kernelMemory())
  },
  {
    name: 'there is no such python',
    when: withExit((exit, e) => !e.started && (exit.status === 126 || exit.status === 127)),
    verdict: e => be('failed', endReason.noPython(exited(e), e.python))
  },
  {
    name: 'an end record may be hidden behind an orderly status',
    when: withExit((exit, e) => isOrderly(exit) && e.exitForMs < e.lagMs),
    verdict: e => wait({ nextCheckMs: e.lagMs - e.exitForMs })
  },
  {
    name: 'success without a record is in doubt',
    when: withExit(exit => exit.status === 0),
    verdict: e => be('unknown', doubtReason.noEndRecord(reportOf(e)))
  },
  {
    name: 'a kill that nobody explains is in doubt',
    when: withExit((exit, e) => mayBeExplained(exit, e) && e.absentForMs > ABSENCE_MS),
    verdict: e => be('unknown', endReason.exit(exited(e)))
  },
  {
    name: 'a kill may have a reason',
    when: withExit(mayBeExplained),
    verdict: () => wait({ needsWord: true })
  },
  {
    name: 'a signal ended Python',
    when: withExit(exit => exit.status > 128),
    verdict: e => be('failed', endReason.exit(exited(e)))
  },
  {
    name: 'Python never began the worker',
    when: withExit((_, e) => !e.started && e.exitForMs >= e.lagMs),
    verdict: e => be('failed', endReason.pythonFailed(exited(e)))
  },
  {
    name: 'a first word may be hidden',
    when: withExit((_, e) => !e.started),
    verdict: e => wait({ nextCheckMs: e.lagMs - e.exitForMs })
  },
  {
    name: 'Python left in the middle',
    when: withExit(() => true),
    verdict: e => be('failed', endReason.exit(exited(e)))
  }
];
