/** What one cluster's scheduler was asked, and how it bore that. */
export type PollHistory = {
  /** When the questions of the last minute were begun; the newest last. */
  askedAtMs: readonly number[];
  /** When the last one was over. */
  overAtMs: number;
  /** How long the last one took, and the slowest of late. */
  tookMs: number;
  slowestMs: number;
  /** Questions in a row that got no answer. */
  refusals: number;
  /** Since when no answer told anything new. */
  quietSinceMs: number;
};

export type PollTrial = {
  beganAtMs: number;
  overAtMs: number;
  isAnswered: boolean;
  /** The answer told something that was not known. */
  isNews: boolean;
};

const MINUTE_MS = 60_000;
const SHORTEST_DEADLINE_MS = 2 * MINUTE_MS;
const LONGEST_DEADLINE_MS = 15 * MINUTE_MS;

/** Nothing was asked yet. */
export const noHistory: PollHistory = {
  askedAtMs: [],
  overAtMs: -Infinity,
  tookMs: 0,
  slowestMs: 0,
  refusals: 0,
  quietSinceMs: -Infinity
};

/** The history with one more question in it. */
export function afterQuestion(history: PollHistory, trial: PollTrial): PollHistory {
  const { beganAtMs, overAtMs, isAnswered, isNews } = trial;
  // A clock that was set back makes no question last for ever.
  const tookMs = Math.max(0, overAtMs - beganAtMs);
  const recent = history.askedAtMs.filter(
    atMs => atMs <= beganAtMs && atMs > beganAtMs - MINUTE_MS
  );
  const isFirst = history.askedAtMs.length === 0;
  return {
    askedAtMs: [...recent, beganAtMs],
    overAtMs,
    tookMs,
    // One slow answer is remembered for a while, not for good.
    slowestMs: Math.max(tookMs, history.slowestMs / 2),
    refusals: isAnswered ? 0 : history.refusals + 1,
    quietSinceMs: isNews || isFirst ? overAtMs : history.quietSinceMs
  };
}

/** How long the next question may take: where a site slows its commands down, it only waits. */
export function deadlineMs({ slowestMs, refusals }: PollHistory): number {
  const wantedMs = Math.max(SHORTEST_DEADLINE_MS * 2 ** Math.min(refusals, 3), 4 * slowestMs);
  return Math.min(LONGEST_DEADLINE_MS, wantedMs);
}
