import { type FollowQuestion, followIntervalMs } from '../follow-interval';

const question: FollowQuestion = {
  sinceTurnMs: 60_000,
  sinceNewsMs: 1000,
  hasViewer: true,
  isLocal: false
};

describe('followIntervalMs', () => {
  it.each<[string, Partial<FollowQuestion>, number]>([
    ['at once where a person waits for the first words', { sinceTurnMs: 1500 }, 50],
    ['still soon after that', { sinceTurnMs: 5000 }, 100],
    ['calmly where nobody looks on', { sinceTurnMs: 1500, hasViewer: false }, 200],
    ['calmly while there is news', {}, 200],
    ['seldom when a task is silent', { sinceNewsMs: 60_000 }, 400],
    ['more seldom when nobody looks on', { sinceNewsMs: 60_000, hasViewer: false }, 1000],
    ['every second at most when it is long silent', { sinceNewsMs: 3_600_000 }, 1000],
    ['every 5 s then when nobody looks on', { sinceNewsMs: 3_600_000, hasViewer: false }, 5000]
  ])('asks %s', (_, change, expected) => {
    expect(followIntervalMs({ ...question, ...change })).toBe(expected);
  });
});
