import type { Phase } from '../../shared/phases';

export type PollQuestion = {
  phase: Phase;
  scheduler: 'slurm' | 'process';
  /** Since the job was accepted, or since the person asked to cancel: when news is near. */
  sinceStirMs: number;
  /** The worker says that it is at work. */
  isHeard: boolean;
  /** The worker was stopped, and only the scheduler knows why. */
  needsWord: boolean;
};

const SLOWEST_MS = 60_000;
const LOCAL_MS = 2000;

/**
 * How long to wait before the scheduler is asked about a task again: soon after a submit or a
 * cancel, then doubling up to a minute; a machine’s own process table may be asked more often.
 */
export function pollIntervalMs(question: PollQuestion): number {
  const { phase, scheduler, sinceStirMs, isHeard, needsWord } = question;
  const slowest = scheduler === 'process' ? LOCAL_MS : SLOWEST_MS;
  if (isHeard && phase === 'running' && !needsWord && sinceStirMs > 4000) {
    return slowest;
  }
  return Math.min(slowest, Math.max(1000, sinceStirMs / 2));
}
