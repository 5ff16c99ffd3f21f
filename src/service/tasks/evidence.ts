import type { Phase } from '../../shared/phases';
import type { Reason } from '../../shared/wire/task';
import type { JobReport } from '../schedulers/scheduler';
import type { EndRecord, ExitRecord } from '../store/task-record';

/** All that is known of a task whose job was accepted, of its newest attempt. */
export type Evidence = {
  phase: Phase;
  attempt: number;
  cancelRequested: boolean;
  /** The scheduler took the cancel. */
  cancelTold: boolean;
  /** The worker of this attempt said that it began. */
  started: boolean;
  /** It said something since this process began to watch, and since the scheduler last missed the job. */
  speaks: boolean;
  /** Its sealed end record. */
  end: EndRecord | null;
  /** Every event that the end record counts is stored. */
  hasAllEvents: boolean;
  endForMs: number;
  /** What the job's script wrote when its worker had ended: the attempt is over. */
  exit: ExitRecord | null;
  exitForMs: number;
  /** The scheduler's newest word; `absent`: it answered without this job; null: not asked. */
  report: JobReport | 'absent' | null;
  /** Nothing more came from the worker's files in a whole look after that word, and after the exit record. */
  drained: boolean;
  /** Whether its heartbeat goes on, though the scheduler does not call it running; `maybe`: too early to tell. */
  beats: 'yes' | 'maybe' | 'no';
  /** How long the scheduler has answered without this job; 0: it did not. */
  absentForMs: number;
  /** How long the job has been over by the scheduler's word; 0: it is not. */
  overForMs: number;
  /** How long the end record may stay hidden after the end: file systems lag between hosts. */
  lagMs: number;
  /** What runs the worker, for words. */
  python: string | null;
  /** Why the books of ended jobs could not be asked. */
  books: string | null;
};

/** What the evidence says; of a phase that is null, nothing new. */
export type Judgement = {
  phase: Phase | null;
  reason: Reason | null;
  /** When to look again though nothing comes in; null: with the next news. */
  nextCheckMs: number | null;
  /** Only the scheduler can say what comes next. */
  needsWord: boolean;
  /** The scheduler has started the job again: this attempt is the newest. */
  nextAttempt: number | null;
};

/** One line of the verdict's table; the first whose `when` holds decides. */
export type Rule = {
  name: string;
  when: (evidence: Evidence) => boolean;
  /** What follows; or what the evidence is worth instead, for the lines below. */
  verdict: (evidence: Evidence) => Judgement | { instead: Evidence };
};

const nothing = { nextCheckMs: null, needsWord: false, nextAttempt: null };

/** The task is in this phase. */
export const be = (
  phase: Phase,
  reason: Reason | null = null,
  more: Partial<Judgement> = {}
): Judgement => ({ ...nothing, phase, reason, ...more });

/** Too little is known to say more. */
export const wait = (more: Partial<Judgement> = {}): Judgement => ({
  ...nothing,
  phase: null,
  reason: null,
  ...more
});

/** The scheduler's report on the job, where it gave one. */
export const reportOf = ({ report }: Evidence): JobReport | null =>
  report === 'absent' ? null : report;
