import { nullTranslator } from '@jupyterlab/translation';
import { PHASES } from '../../../shared/phases';
import { makeTask } from '../../__tests__/make-task';
import { fileSummaryWords } from '../file-summary-words';
import { formatBytes } from '../format-bytes';
import { formatDuration } from '../format-duration';
import { jobWords } from '../job-words';
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
  expect(phaseWord(phase, nullTranslator.load('x'))).toBe(phase.replaceAll('-', ' '));
});

test('the clock counts what the task does now, and stands still at its end', () => {
  const times = { submittedAt: 1000, queuedAt: 2000, startedAt: 5000 };
  expect(phaseSince(makeTask({ ...times, phase: 'queued' }))).toBe(2000);
  expect(phaseSince(makeTask({ ...times, phase: 'running' }))).toBe(5000);
  expect(phaseSince(makeTask({ ...times, phase: 'preparing' }))).toBe(1000);
  expect(elapsedMs(makeTask({ ...times, phase: 'running' }), 9000)).toBe(8000);
  expect(elapsedMs(makeTask({ ...times, phase: 'completed', endedAt: 7000 }), 9000)).toBe(6000);
});

test.each([
  [
    { count: 14, bytes: 2_100_000_000, home: 3, there: 11 },
    '14 files, 2.1 GB: 3 came home, 11 on curnagl'
  ],
  [{ count: 2, bytes: 20, home: 2, there: 0 }, '2 files, 20 B: all came home'],
  [{ count: 1, bytes: 20, home: 1, there: 0 }, '1 file, 20 B: it came home'],
  [{ count: 3, bytes: 20, home: 0, there: 3 }, '3 files, 20 B: 3 on curnagl'],
  [{ count: 3, bytes: 20, home: 1, there: 0 }, '3 files, 20 B: 1 came home, 2 given up']
])('files are told by where they are: %j', (summary, words) => {
  const trans = nullTranslator.load('x');
  expect(fileSummaryWords({ ...summary, pinned: true }, 'curnagl', trans)).toBe(words);
});

test.each([
  ['4711', 'job 4711'],
  ['4711_3', 'job 4711_3'],
  ['14712.2775293.381a1f1a', 'process 14712']
])('%s is a %s', (id, words) => {
  expect(jobWords(id, nullTranslator.load('x'))).toBe(words);
});
