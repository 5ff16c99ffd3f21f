import { nullTranslator } from '@jupyterlab/translation';
import { PHASES } from '../../../shared/phases';
import { makeTask } from '../../__tests__/make-task';
import { formatBytes } from '../format-bytes';
import { formatDuration } from '../format-duration';
import { phaseWord } from '../phase-words';
import { elapsedMs, phaseSince } from '../task-clock';

test.each([
  [0, '0:00'],
  [7_999, '0:07'],
  [754_000, '12:34'],
  [3_723_000, '1:02:03'],
  [2 * 86_400_000 + 3_723_000, '2 d 01:02:03'],
  [-5000, '0:00']
])('%d ms read %s', (durationMs, words) => {
  expect(formatDuration(durationMs)).toBe(words);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [3400, '3.4 kB'],
  [120_000_000, '120 MB'],
  [2_500_000_000_000_000, '2500 TB']
])('%d bytes read %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

test.each(PHASES)('%s is the word for its phase', phase => {
  expect(phaseWord(phase, nullTranslator.load('x'))).toBe(phase);
});

test('the clock counts what the task does now, and stands still at its end', () => {
  const times = { submittedAt: 1000, queuedAt: 2000, startedAt: 5000 };
  expect(phaseSince(makeTask({ ...times, phase: 'queued' }))).toBe(2000);
  expect(phaseSince(makeTask({ ...times, phase: 'running' }))).toBe(5000);
  expect(phaseSince(makeTask({ ...times, phase: 'preparing' }))).toBe(1000);
  expect(elapsedMs(makeTask({ ...times, phase: 'running' }), 9000)).toBe(8000);
  expect(elapsedMs(makeTask({ ...times, phase: 'completed', endedAt: 7000 }), 9000)).toBe(6000);
});
