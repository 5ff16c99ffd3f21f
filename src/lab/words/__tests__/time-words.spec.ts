import { nullTranslator } from '@jupyterlab/translation';
import { attemptWords } from '../attempt-words';
import { durationWords } from '../duration-words';
import { estimatedStartWords } from '../estimated-start-words';

const trans = nullTranslator.load('x');

test.each([
  [0, '0 s'],
  [40_400, '40 s'],
  [59_700, '1 min'],
  [3 * 60_000, '3 min'],
  [59.8 * 60_000, '1 h'],
  [125 * 60_000, '2 h 5 min'],
  [26 * 3_600_000, '1 d 2 h'],
  [48 * 3_600_000, '2 d'],
  [-5, '0 s']
])('%d ms read %s', (durationMs, words) => {
  expect(durationWords(durationMs, trans)).toBe(words);
});

test('an estimated start is told relative and absolute, and never in the past', () => {
  const now = new Date(2026, 0, 5, 12, 0).getTime();
  const iso = new Date(2026, 0, 5, 14, 10).toISOString();
  expect(estimatedStartWords(iso, now, trans)).toBe('starts in about 2 h 10 min (14:10)');
  expect(estimatedStartWords(iso, now + 8_000_000, trans)).toBe('should start now');
  expect(estimatedStartWords('N/A', now, trans)).toBeNull();
  expect(estimatedStartWords(null, now, trans)).toBeNull();
});

test('an earlier attempt says which, where, how long and why it is over', () => {
  const reason = { code: 'preempted', message: 'Preempted.', hint: null, token: 'PREEMPTED' };
  const former = { attempt: 0, node: 'n2', startedAt: 5_000, endedAt: 17_000, reason, usage: null };
  expect(attemptWords(former, trans)).toBe('attempt 1 on n2, 0:12: Preempted.');
  expect(
    attemptWords({ ...former, attempt: 1, node: null, startedAt: null, reason: null }, trans)
  ).toBe('attempt 2');
});
