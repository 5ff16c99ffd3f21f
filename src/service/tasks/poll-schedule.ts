import type { Phase } from '../../shared/phases';

export type PollQuestion = {
  phase: Phase;
  /** Since the job was accepted, or since the person asked to cancel: when news is near. */
  sinceStirMs: number;
  /** The worker says that it is at work. */
  isHeard: boolean;
  /** The worker was stopped, and only the scheduler knows why. */
  needsWord: boolean;
};

const SLOWEST_MS = 2000;
const FASTEST_MS = 1000;

/** How long to wait before a machine’s own process table is looked at again for a task. */
export function pollIntervalMs(question: PollQuestion): number {
  const { phase, sinceStirMs, isHeard, needsWord } = question;
  if (isHeard && phase === 'running' && !needsWord && sinceStirMs > 4000) {
    return SLOWEST_MS;
  }
  return Math.min(SLOWEST_MS, Math.max(FASTEST_MS, sinceStirMs / 2));
}
