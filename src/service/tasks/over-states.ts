import type { Phase } from '../../shared/phases';
import type { JobState } from '../schedulers/scheduler';

const OVER: ReadonlySet<JobState> = new Set([
  'completed',
  'failed',
  'canceled',
  'timed-out',
  'out-of-memory',
  'node-failed'
] satisfies (JobState & Phase)[]);

/** True for a scheduler's word after which the job does not run again. */
export function isOver(state: JobState): boolean {
  return OVER.has(state);
}
