export type FollowQuestion = {
  /** Since the youngest followed task was submitted or last said something. */
  sinceNewsMs: number;
  hasViewer: boolean;
  isLocal: boolean;
};

/** How long the follower waits between two questions: 0.2 s where somebody looks on, up to 5 s. */
export function followIntervalMs({ sinceNewsMs, hasViewer, isLocal }: FollowQuestion): number {
  const quick = isLocal ? 50 : 200;
  if (sinceNewsMs < 30_000) {
    return quick;
  }
  if (sinceNewsMs < 600_000) {
    return hasViewer ? quick * 2 : 1000;
  }
  return hasViewer ? 1000 : 5000;
}
