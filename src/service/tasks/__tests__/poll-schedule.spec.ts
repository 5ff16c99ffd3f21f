import { type PollQuestion, pollIntervalMs } from '../poll-schedule';

const question: PollQuestion = {
  phase: 'queued',
  sinceStirMs: 0,
  isHeard: false,
  needsWord: false
};

describe('pollIntervalMs', () => {
  it.each<[string, Partial<PollQuestion>, number]>([
    ['soon after a submit', {}, 1000],
    ['longer the longer it waits', { sinceStirMs: 3000 }, 1500],
    ['every 2 s at the most', { sinceStirMs: 3_600_000 }, 2000],
    [
      'at leisure while the worker reports by itself',
      { phase: 'running', isHeard: true, sinceStirMs: 5000 },
      2000
    ],
    [
      'soon when the worker was stopped and only the machine knows why',
      { phase: 'running', isHeard: true, needsWord: true, sinceStirMs: 1000 },
      1000
    ]
  ])('looks %s', (_, change, expected) => {
    expect(pollIntervalMs({ ...question, ...change })).toBe(expected);
  });
});
