import type { Phase } from '../../shared/phases';
import type { JobRef } from '../schedulers/scheduler';
import type { PollHistory } from './poll-history';
import { pollIntervalMs } from './poll-schedule';

/** One live task, as far as it matters for asking the scheduler. */
export type PolledTask = {
  /** Null: it was not accepted yet. */
  job: JobRef | null;
  phase: Phase;
  /** When it was handed over, or the person asked to cancel, or it ended without saying why. */
  stirredAtMs: number;
  polledAtMs: number;
  /** The worker says that it is at work. */
  isHeard: boolean;
  /** Its end waits for the scheduler’s word. */
  needsWord: boolean;
  isCanceling: boolean;
};

export type PollQuestions = {
  scheduler: 'slurm' | 'process';
  nowMs: number;
  tasks: readonly PolledTask[];
  history: PollHistory;
  /** Of the person or the site: no two questions follow each other sooner. */
  floorMs: number;
};

/** The jobs to ask about, all in one question, and when at the latest. */
export type PollPlan = { jobs: JobRef[]; inMs: number };

const MINUTE_MS = 60_000;
const SHORTEST_REST_MS = MINUTE_MS;
const LONGEST_REST_MS = 3 * MINUTE_MS;
/** After the newest submit: whether the job was accepted for good, and what it waits for. */
const QUICK_MS = [2000, 10_000, 30_000] as const;
/** After a cancel, or an end that only the scheduler can explain; its books may lag. */
const URGENT_MS = [500, 3000, 10_000, 30_000] as const;
const MOST_QUICK_A_MINUTE = 4;
const MOST_URGENT_A_MINUTE = 12;
const SHORTEST_GAP_MS = 1000;
const AFTER_REFUSAL_MS = 15_000;

const isUrgent = ({ needsWord, isCanceling }: PolledTask): boolean => needsWord || isCanceling;

/** A minute while there is news or doubt; longer the longer nothing changes, up to three. */
function restMs({ tasks, history, nowMs }: PollQuestions): number {
  if (tasks.some(({ phase }) => phase === 'unknown')) {
    return SHORTEST_REST_MS;
  }
  const quietMs = nowMs - history.quietSinceMs;
  return Math.min(LONGEST_REST_MS, Math.max(SHORTEST_REST_MS, quietMs / 3));
}

/** The first of some points after the newest stir that no question has covered yet. */
function nextPoint(
  tasks: readonly PolledTask[],
  pointsMs: readonly number[],
  lastAskedMs: number
): number {
  const newestMs = Math.max(...tasks.map(({ stirredAtMs }) => stirredAtMs));
  const points = pointsMs.map(afterMs => newestMs + afterMs);
  return points.find(atMs => atMs > lastAskedMs) ?? Infinity;
}

/** When as many questions as are good for a minute lie far enough back. */
function whenAllowed({ history, nowMs }: PollQuestions, mostAMinute: number): number {
  const recent = history.askedAtMs.filter(atMs => atMs <= nowMs && atMs > nowMs - MINUTE_MS);
  const nth = recent.at(-mostAMinute);
  return recent.length < mostAMinute || nth === undefined ? -Infinity : nth + MINUTE_MS;
}

/** Before this nothing is asked, however urgent it is. */
function earliestMs({ history, floorMs, nowMs }: PollQuestions): number {
  const { overAtMs, tookMs, refusals, askedAtMs } = history;
  // What was asked in a time that a clock has since taken back holds up nothing.
  if (overAtMs > nowMs) {
    return nowMs;
  }
  const refusedMs = refusals === 0 ? 0 : AFTER_REFUSAL_MS * 2 ** Math.min(refusals - 1, 4);
  const gapMs = Math.max(SHORTEST_GAP_MS, tookMs, Math.min(refusedMs, LONGEST_REST_MS));
  return Math.max(overAtMs + gapMs, (askedAtMs.at(-1) ?? -Infinity) + floorMs);
}

function slurmDueMs(questions: PollQuestions): number {
  const { tasks, history, nowMs } = questions;
  const asked = history.askedAtMs.at(-1) ?? -Infinity;
  const lastAskedMs = asked > nowMs ? -Infinity : asked;
  const oldestMs = Math.min(...tasks.map(({ stirredAtMs }) => stirredAtMs));
  const unheard = tasks.filter(({ isHeard }) => !isHeard);
  const urgent = tasks.filter(isUrgent);
  const quickMs = Math.max(
    nextPoint(unheard, QUICK_MS, lastAskedMs),
    whenAllowed(questions, MOST_QUICK_A_MINUTE)
  );
  const urgentMs = Math.max(
    nextPoint(urgent, URGENT_MS, lastAskedMs),
    whenAllowed(questions, MOST_URGENT_A_MINUTE)
  );
  const usualMs = Math.max(lastAskedMs, oldestMs) + restMs(questions);
  return Math.max(Math.min(usualMs, quickMs, urgentMs), earliestMs(questions));
}

/** A machine’s own process table may be asked often. */
function processDueMs({ tasks, nowMs }: PollQuestions): number {
  const waits = tasks.map(({ phase, stirredAtMs, polledAtMs, isHeard, needsWord }) => {
    const sinceStirMs = nowMs - stirredAtMs;
    const intervalMs = pollIntervalMs({ phase, sinceStirMs, isHeard, needsWord });
    return Math.max(polledAtMs, stirredAtMs) + intervalMs;
  });
  return Math.min(...waits);
}

/**
 * When a cluster's scheduler is to be asked next, once for all tasks. While workers report by themselves
 * that is once a minute, and once in three when nothing changes; a little sooner after a submit,
 * and at once where an end waits for the scheduler's word.
 */
export function planPoll(questions: PollQuestions): PollPlan {
  const { tasks, nowMs, scheduler, floorMs } = questions;
  const jobs = tasks.flatMap(({ job }) => job ?? []);
  const dueMs = scheduler === 'process' ? processDueMs(questions) : slurmDueMs(questions);
  // A clock that was set back must not silence the questions for as long.
  const inMs = Math.min(
    dueMs - nowMs,
    Math.max(LONGEST_REST_MS, floorMs, questions.history.tookMs)
  );
  return { jobs, inMs: Math.max(0, inMs) };
}
