import { type PollQuestion, pollIntervalMs } from '../poll-schedule';

const question: PollQuestion = {
  phase: 'queued',
  scheduler: 'slurm',
  sinceStirMs: 0,
  isHeard: false,
  needsWord: false
};

describe('pollIntervalMs', () => {
  it.each<[string, Partial<PollQuestion>, number]>([
    ['soon after a submit', {}, 1000],
    ['seldom once nothing changed for long', { sinceStirMs: 3_600_000 }, 60_000],
    ['longer the longer it waits', { sinceStirMs: 20_000 }, 10_000],
    [
      'once a minute while the worker reports by itself',
      { phase: 'running', isHeard: true, sinceStirMs: 5000 },
      60_000
    ],
    [
      'soon when the worker was stopped and only the scheduler knows why',
      { phase: 'running', isHeard: true, needsWord: true, sinceStirMs: 5000 },
      2500
    ],
    ['every 2 s at most on one machine', { scheduler: 'process', sinceStirMs: 3_600_000 }, 2000]
  ])('asks %s', (_, change, expected) => {
    expect(pollIntervalMs({ ...question, ...change })).toBe(expected);
  });
});
