import type { EndRecord } from '../store/task-record';
import { doubtReason } from './doubt-reasons';
import { endReason } from './end-reasons';
import { be, type Evidence, reportOf, type Rule, wait } from './evidence';
import { isOver } from './over-states';
import { reasonOf } from './reason';

/** A job may be missing from an answer for a while and yet live; events may be, and yet come. */
export const ABSENCE_MS = 5 * 60_000;

const withEnd =
  (test: (end: EndRecord, evidence: Evidence) => boolean) =>
  (evidence: Evidence): boolean =>
    evidence.end !== null && test(evidence.end, evidence);

/** The worker was told to stop: it knows that, and mostly not why. */
export const wasStopped = ({ end }: Pick<Evidence, 'end'>): boolean =>
  end !== null && (end.status === 'terminated' || end.status === 'time-up');

function ended(evidence: Evidence): EndRecord {
  if (evidence.end === null) {
    throw new Error('a rule about the end record without one');
  }
  return evidence.end;
}

const leftBadly = (evidence: Evidence): boolean => {
  const report = reportOf(evidence);
  const isOtherEnd = report !== null && isOver(report.state) && report.state !== 'completed';
  return isOtherEnd || (evidence.exit?.status ?? 0) > 0;
};

const isMemory = ({ ename, cause }: EndRecord): boolean =>
  cause === 'memory' || /^(_Array)?MemoryError$/.test(ename ?? '');

/** `sys.exit(3)` is an exception to Python, and a status to everybody else. */
const hasOwnStatus = ({ ename, evalue, exitCode }: EndRecord): boolean =>
  exitCode !== null && (ename === null || (ename === 'SystemExit' && evalue === String(exitCode)));

/** What the worker's own record says; it goes before the scheduler's word, which cannot see into it. */
export const END_RULES: readonly Rule[] = [
  {
    name: 'all events come before the end',
    when: e => e.end !== null && !e.hasAllEvents && e.endForMs <= ABSENCE_MS,
    verdict: () => wait({ nextCheckMs: ABSENCE_MS })
  },
  {
    name: 'an end with events missing is in doubt',
    when: e => e.end !== null && !e.hasAllEvents,
    verdict: () => be('unknown', doubtReason.outputMissing())
  },
  {
    name: 'what was saved counts, however the job left',
    when: withEnd((end, e) => end.status === 'ok' && leftBadly(e)),
    verdict: e => be('completed', endReason.leftBadly(e.exit, reportOf(e)))
  },
  {
    name: 'the worker saved all',
    when: withEnd(end => end.status === 'ok'),
    verdict: () => be('completed')
  },
  {
    name: 'Python got no memory',
    when: withEnd(end => end.status === 'error' && isMemory(end)),
    verdict: e => be('out-of-memory', endReason.pythonMemory(ended(e)))
  },
  {
    name: 'the cell’s process was ended by a signal',
    when: withEnd(end => end.status === 'error' && end.signal !== null),
    verdict: e => be('failed', endReason.workerSignal(ended(e).signal ?? 0))
  },
  {
    name: 'the script left with a status',
    when: withEnd(end => end.status === 'error' && hasOwnStatus(end)),
    verdict: e => be('failed', endReason.workerExit(ended(e).exitCode ?? 1))
  },
  {
    name: 'the cell raised',
    when: withEnd(end => end.status === 'error'),
    verdict: e => be('failed', reasonOf.exception(ended(e).ename ?? 'Error', ended(e).evalue ?? ''))
  },
  {
    name: 'its time was up, and it saved what was there',
    when: e => wasStopped(e) && e.end?.cause === 'time-limit',
    verdict: e => be('timed-out', endReason.timeUp(reportOf(e)))
  }
];
