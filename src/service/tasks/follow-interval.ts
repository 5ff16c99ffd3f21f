export type FollowQuestion = {
  /** Since the youngest followed task was handed over, or began: its first words are near. */
  sinceTurnMs: number;
  /** Since the youngest followed task was submitted or last said something. */
  sinceNewsMs: number;
  hasViewer: boolean;
  isLocal: boolean;
};

const EAGER_MS = 50;

/**
 * How long the follower waits between two questions: for two seconds where a person waits for the
 * first words, hardly; then 0.2 s while there is news, up to 5 s when a task is long silent. While
 * a job has written nothing, a question costs the host no process.
 */
export function followIntervalMs(question: FollowQuestion): number {
  const { sinceTurnMs, sinceNewsMs, hasViewer, isLocal } = question;
  if (hasViewer && sinceTurnMs < 10_000) {
    return sinceTurnMs < 2000 ? EAGER_MS : EAGER_MS * 2;
  }
  const quick = isLocal ? EAGER_MS : 200;
  if (sinceNewsMs < 30_000) {
    return quick;
  }
  if (sinceNewsMs < 600_000) {
    return hasViewer ? quick * 2 : 1000;
  }
  return hasViewer ? 1000 : 5000;
}
