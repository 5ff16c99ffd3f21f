import type { JobReport, JobState } from '../schedulers/scheduler';
import { doubtReason } from './doubt-reasons';
import { endReason } from './end-reasons';
import { ABSENCE_MS, wasStopped } from './end-rules';
import { be, type Evidence, type Judgement, reportOf, type Rule, wait } from './evidence';
import { isOrderly } from './exit-rules';
import { isOver } from './over-states';
import { reasonOf } from './reason';

/** A preempted job that the scheduler wants again is in its queue by then. */
const PREEMPTED_MS = 2 * 60_000;

const says =
  (state: JobState, test: (report: JobReport, evidence: Evidence) => boolean = () => true) =>
  (evidence: Evidence): boolean => {
    const report = reportOf(evidence);
    return report?.state === state && test(report, evidence);
  };

const saysOver = (evidence: Evidence): boolean => {
  const report = reportOf(evidence);
  return report !== null && isOver(report.state);
};

/** The scheduler does not count it as running, and the worker says nothing of an end. */
const hasNoWord = (e: Evidence): boolean =>
  e.end === null && e.exit === null && (saysOver(e) || e.report === 'absent');

/** A verdict from the scheduler's report. */
const byReport =
  (verdict: (report: JobReport, evidence: Evidence) => Judgement) =>
  (evidence: Evidence): Judgement => {
    const report = reportOf(evidence);
    if (report === null) {
      throw new Error('a rule about the report without one');
    }
    return verdict(report, evidence);
  };

const isNextStart = ({ restarts }: JobReport, { attempt }: Evidence): boolean => restarts > attempt;

/** Whether the attempt has shown a sign of life, or of its end. */
const hasBegun = ({ started, end, exit }: Evidence): boolean =>
  started || end !== null || exit !== null;

/** Whether the worker may have left its record all the same. */
const mayBeHidden = ({ end, exit }: Evidence): boolean =>
  end === null && (exit === null || isOrderly(exit));

/** A job whose last start is over: its former attempt is read to its end, then left. */
const restart = (report: JobReport, evidence: Evidence): Partial<Judgement> =>
  isNextStart(report, evidence) && evidence.drained ? { nextAttempt: report.restarts } : {};

// From `unknown` a task goes back to the queue at once.
const preempted = (report: JobReport, { phase }: Evidence): Judgement =>
  be(phase === 'unknown' ? 'queued' : 'preempted', endReason.preempted(report), {
    needsWord: true
  });

/** Whether a kill for memory is told in the words of a failure. */
const isMemoryFailure = ({ signal, reasonToken }: JobReport): boolean =>
  signal === 125 || /OutOfMemory|oom.?kill/i.test(reasonToken ?? '');

/** What the scheduler says of starts, before anything that the former start left is judged. */
export const START_RULES: readonly Rule[] = [
  {
    name: 'a report on an earlier start says nothing of this one',
    when: (e: Evidence): boolean => (reportOf(e)?.restarts ?? e.attempt) < e.attempt,
    verdict: e => ({ instead: { ...e, report: null, overForMs: 0 } })
  },
  {
    name: 'a next start waits in the queue',
    when: says('pending', isNextStart),
    verdict: byReport((report, e) => be('queued', reasonOf.pending(report), restart(report, e)))
  },
  {
    name: 'a next start runs',
    when: says('running', isNextStart),
    verdict: byReport((report, e) => be('running', null, restart(report, e)))
  },
  {
    name: 'a next start is over, and is looked at by itself',
    when: (e: Evidence): boolean => {
      const report = reportOf(e);
      return report !== null && isNextStart(report, e) && report.state !== 'other';
    },
    verdict: byReport((report, e) => wait(restart(report, e)))
  },
  {
    name: 'a cancel that was taken is what ended it',
    when: e =>
      e.cancelTold &&
      e.report === 'absent' &&
      e.absentForMs > e.lagMs &&
      e.drained &&
      e.beats === 'no',
    verdict: () => be('canceled', reasonOf.canceledByYou())
  }
];

/** What the scheduler says where the worker left no record, or was told to stop and does not know why. */
export const REPORT_RULES: readonly Rule[] = [
  {
    name: 'a queue that was asked before the worker began is out of date',
    when: e => says('pending')(e) && hasBegun(e),
    verdict: e => ({ instead: { ...e, report: null } })
  },
  {
    name: 'it waits in the queue',
    when: says('pending'),
    verdict: byReport(report => be('queued', reasonOf.pending(report)))
  },
  {
    name: 'it was preempted, and not queued again',
    when: says('preempted', (_, e) => e.drained && e.overForMs > PREEMPTED_MS && e.beats === 'no'),
    verdict: byReport(report => be('failed', endReason.preemptedForGood(report)))
  },
  {
    name: 'it was preempted',
    when: says('preempted'),
    verdict: byReport(preempted)
  },
  {
    name: 'another cluster took it over',
    when: says('other', ({ token }) => /^(REVOKED|RV)/i.test(token)),
    verdict: byReport(report => be('unknown', doubtReason.revoked(report)))
  },
  {
    name: 'an unknown word is no end',
    when: says('other'),
    verdict: byReport((report, { phase }) => be(phase, doubtReason.unknownWord(report)))
  },
  {
    name: 'a worker that is alive is at work, whatever the scheduler says',
    when: e => e.beats === 'yes' && hasNoWord(e),
    verdict: e => be('running', doubtReason.outlives(reportOf(e)), { needsWord: true })
  },
  {
    name: 'a worker may be alive',
    when: e => e.beats === 'maybe' && hasNoWord(e),
    verdict: () => wait({ needsWord: true })
  },
  {
    name: 'after the last word all is read once more',
    when: e => saysOver(e) && !e.drained,
    verdict: () => wait()
  },
  {
    name: 'it was canceled before it began',
    when: says('canceled', ({ node }, e) => !hasBegun(e) && node === null),
    verdict: byReport((report, e) =>
      be('canceled', endReason.canceled(report, e.cancelRequested, e.started))
    )
  },
  {
    name: 'the worker’s word may be hidden for a while',
    when: e => saysOver(e) && mayBeHidden(e) && e.overForMs < e.lagMs,
    verdict: e => wait({ nextCheckMs: e.lagMs - e.overForMs })
  },
  {
    name: 'it was canceled',
    when: says('canceled'),
    verdict: byReport((report, e) =>
      be('canceled', endReason.canceled(report, e.cancelRequested, e.started))
    )
  },
  {
    name: 'its time was over',
    when: says('timed-out'),
    verdict: byReport(report => be('timed-out', endReason.timedOut(report)))
  },
  {
    name: 'its memory was used up',
    when: e => says('out-of-memory')(e) || says('failed', isMemoryFailure)(e),
    verdict: byReport(report => be('out-of-memory', endReason.memory(report)))
  },
  {
    name: 'its node failed',
    when: says('node-failed'),
    verdict: byReport(report => be('node-failed', endReason.node(report)))
  },
  {
    name: 'it was told to stop, and not by the scheduler',
    when: e => saysOver(e) && wasStopped(e),
    verdict: byReport(report => be('failed', endReason.terminated(report)))
  },
  {
    name: 'the scheduler’s success is not the cell’s',
    when: says('completed'),
    verdict: byReport(report => be('unknown', doubtReason.noEndRecord(report)))
  },
  {
    name: 'it failed before its Python said anything',
    when: says('failed', (_, e) => !e.started),
    verdict: byReport(report => be('failed', endReason.neverBegan(report)))
  },
  {
    name: 'it failed',
    when: says('failed'),
    verdict: byReport(report => be('failed', endReason.failed(report)))
  }
];

/** What is left where nobody says anything of an end. */
export const SILENCE_RULES: readonly Rule[] = [
  {
    name: 'told to stop, gone, and nobody says why',
    when: e => wasStopped(e) && e.absentForMs > ABSENCE_MS,
    verdict: () => be('unknown', doubtReason.toldToStop())
  },
  {
    name: 'only the scheduler knows why it was told to stop',
    when: wasStopped,
    verdict: () => wait({ needsWord: true })
  },
  {
    name: 'the scheduler says that it runs',
    when: says('running'),
    verdict: () => be('running')
  },
  {
    name: 'a long absence is a doubt, no end',
    when: e => e.report === 'absent' && e.absentForMs > ABSENCE_MS,
    verdict: e => be('unknown', doubtReason.absent(e.books))
  },
  {
    name: 'the worker says that it began',
    when: e => e.started && (e.phase !== 'unknown' || e.speaks),
    verdict: () => be('running')
  }
];
