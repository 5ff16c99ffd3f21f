/** One round: its ways in the order to take them, and when within a second each of them starts. */
export type Round<Way> = { order: readonly Way[]; startsAtMs: number };

const SECOND_MS = 1000;

/**
 * Plans rounds for ways that meet a scheduler which looks once a second. All ways of a round start
 * at the same place within a second, the places of all rounds cover the second evenly, and the
 * order is random: so no way is luckier than another, and the medians need fewer rounds.
 */
export function planRounds<Way>(
  ways: readonly Way[],
  count: number,
  random: () => number
): Round<Way>[] {
  const slots = Array.from({ length: count }, (_, slot) => slot);
  return shuffle(slots, random).map(slot => ({
    order: shuffle(ways, random),
    startsAtMs: ((slot + random()) / count) * SECOND_MS
  }));
}

/** How long to wait from a time until the given place within a second, at least `leastMs`. */
export function waitMsUntil(nowMs: number, startsAtMs: number, leastMs: number): number {
  const earliest = nowMs + leastMs;
  const behind = (earliest - startsAtMs) % SECOND_MS;
  return leastMs + (behind === 0 ? 0 : SECOND_MS - behind);
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  const keyed = items.map(item => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
