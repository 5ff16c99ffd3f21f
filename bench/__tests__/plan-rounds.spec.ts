import { planRounds, waitMsUntil } from '../measure/plan-rounds.ts';

/** A repeatable source of numbers below one. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

describe('planRounds', () => {
  const ways = ['a', 'b', 'c'];
  const rounds = planRounds(ways, 60, numbers(7));

  it('takes every way once in each round, in differing order', () => {
    expect(rounds.every(({ order }) => order.toSorted().join('') === 'abc')).toBe(true);
    expect(new Set(rounds.map(({ order }) => order.join(''))).size).toBe(6);
  });

  it('covers the second evenly: one start in each sixtieth', () => {
    const slots = rounds.map(({ startsAtMs }) => Math.floor((startsAtMs * 60) / 1000));
    expect(slots.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 60 }, (_, slot) => slot));
  });

  it('does not go through the second in order', () => {
    const starts = rounds.map(({ startsAtMs }) => startsAtMs);
    expect(starts).not.toEqual(starts.toSorted((x, y) => x - y));
  });
});

describe('waitMsUntil', () => {
  it.each([
    [5000, 250, 0, 250],
    [5000, 250, 400, 1250],
    [5900, 100, 0, 200],
    [5250, 250, 0, 0],
    [5250, 250, 1000, 1000],
    [1_700_000_000_123.5, 123.75, 100, 1000.25]
  ])('at %d, for place %d and at least %d, waits %d', (now, place, least, wait) => {
    expect(waitMsUntil(now, place, least)).toBeCloseTo(wait, 3);
  });
});
