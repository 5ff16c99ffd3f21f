import type { Phase } from '../../shared/phases';
import type { Reason } from '../../shared/wire/task';
import type { JobReport, JobState } from '../schedulers/scheduler';
import type { EndRecord } from '../store/task-record';
import { reasonOf } from './reason';

/** All that is known of a task whose job was accepted. */
export type Evidence = {
  phase: Phase;
  cancelRequested: boolean;
  /** The worker of this attempt said that it began. */
  started: boolean;
  end: EndRecord | null;
  /** Every event that the end record counts is stored. */
  hasAllEvents: boolean;
  /** The scheduler's newest word; `absent`: it answered without this job; null: not asked. */
  report: JobReport | 'absent' | null;
  /** Nothing more came from the worker's file since that word. */
  drained: boolean;
  /** How long the scheduler has answered without this job; 0: it did not. */
  absentForMs: number;
  /** How long the scheduler has called the job over; 0: it did not. */
  overForMs: number;
  /** How long the end record may stay hidden after the end: file systems lag between hosts. */
  lagMs: number;
};

export type Verdict = { phase: Phase; reason: Reason | null };

/** A job may be missing from an answer for a while and yet live. */
const ABSENCE_MS = 5 * 60_000;
/** A worker that never began has little to say. */
const SILENT_LAG_MS = 2000;

const OVER: Partial<Record<JobState, Phase>> = {
  failed: 'failed',
  canceled: 'canceled',
  'timed-out': 'timed-out',
  'out-of-memory': 'out-of-memory',
  'node-failed': 'node-failed'
};

/** True for a scheduler's word after which the job does not run again. */
export function isOver(state: JobState): boolean {
  return state === 'completed' || OVER[state] !== undefined;
}

function fromEnd(end: EndRecord, evidence: Evidence): Verdict | null {
  switch (end.status) {
    case 'ok':
      return { phase: 'completed', reason: null };
    case 'error': {
      const phase = 'failed';
      return { phase, reason: reasonOf.exception(end.ename ?? 'Error', end.evalue ?? '') };
    }
    case 'terminated':
    case 'time-up':
      return fromTermination(evidence);
  }
}

/** The worker was told to stop; only the scheduler or the person can say why. */
function fromTermination(evidence: Evidence): Verdict | null {
  const { cancelRequested, report, absentForMs, overForMs, lagMs } = evidence;
  if (cancelRequested) {
    return { phase: 'canceled', reason: reasonOf.canceledByYou() };
  }
  if (report !== null && report !== 'absent') {
    const phase = OVER[report.state];
    if (phase !== undefined && phase !== 'failed') {
      return { phase, reason: reasonOf.report(report, false) };
    }
    if (report.state === 'preempted' || report.state === 'pending') {
      return { phase: 'preempted', reason: reasonOf.report(report, false) };
    }
  }
  return Math.max(absentForMs, overForMs) > lagMs
    ? { phase: 'failed', reason: reasonOf.terminated() }
    : null;
}

function fromReport(report: JobReport, evidence: Evidence): Verdict | null {
  const reason = reasonOf.report(report, evidence.cancelRequested);
  switch (report.state) {
    case 'pending':
      return { phase: 'queued', reason };
    case 'preempted':
      return { phase: 'preempted', reason };
    case 'running':
      return { phase: 'running', reason: null };
    case 'other':
      return null;
    default:
      return evidence.drained ? fromOver(report, evidence, reason) : null;
  }
}

function fromOver(report: JobReport, evidence: Evidence, reason: Reason | null): Verdict | null {
  const phase = OVER[report.state];
  if (phase === 'failed' || phase === undefined) {
    if (evidence.overForMs < (evidence.started ? evidence.lagMs : SILENT_LAG_MS)) {
      return null;
    }
    return phase === undefined
      ? { phase: 'unknown', reason: reasonOf.noEndRecord() }
      : { phase, reason };
  }
  return { phase, reason };
}

/**
 * What the evidence says of a task: a phase and its reason, or null when it says nothing new.
 * No end without positive evidence: absence from an answer, an unknown word, a lost line are none.
 */
export function judge(evidence: Evidence): Verdict | null {
  const { end, hasAllEvents, report, started, absentForMs, phase } = evidence;
  if (end !== null) {
    return hasAllEvents ? fromEnd(end, evidence) : null;
  }
  if (report !== null && report !== 'absent') {
    const verdict = fromReport(report, evidence);
    // A queue that was asked before the worker began is out of date.
    return verdict?.phase === 'queued' && started && phase === 'running' ? null : verdict;
  }
  if (report === 'absent' && absentForMs > ABSENCE_MS) {
    return { phase: 'unknown', reason: reasonOf.absent() };
  }
  return started ? { phase: 'running', reason: null } : null;
}
