import { nullTranslator } from '@jupyterlab/translation';
import type { Usage } from '../../../shared/wire/task';
import { usageWords } from '../usage-words';

const trans = nullTranslator.load('x');
const usage: Usage = {
  elapsedSeconds: 3600,
  cpuSeconds: 7200,
  peakBytes: 6_000_000_000,
  cpus: 4,
  memoryBytes: 8_000_000_000
};
const words = (changes: Partial<Usage>) => usageWords({ ...usage, ...changes }, trans);

test('says elapsed, memory and processors, short and in sentences', () => {
  expect(words({})).toEqual({
    short: 'ran 1:00:00 · 6.0 GB of 8.0 GB memory · 50\u00a0%\u00a0CPU',
    long:
      'It ran for 1:00:00.\n' +
      'At its peak it used 6.0 GB of the 8.0 GB of memory that it had.\n' +
      'Its 4 processors were at work for 50 % of the time, on average.',
    hints: []
  });
});

test('says only what is known, and nothing where nothing is', () => {
  expect(words({ cpuSeconds: null, memoryBytes: null })?.short).toBe('ran 1:00:00 · 6.0 GB memory');
  expect(words({ elapsedSeconds: null, peakBytes: null })).toBeNull();
  expect(usageWords(null, trans)).toBeNull();
});

test('hints at what was asked for in vain, but not after a short run', () => {
  const little = { peakBytes: 960_000_000, cpuSeconds: 720 };
  expect(words(little)?.hints).toEqual([
    'It used 12 % of the memory asked for; with less it may wait less.',
    'It used 5 % of its 4 processors; with fewer it may wait less.'
  ]);
  expect(words({ ...little, elapsedSeconds: 20, cpuSeconds: 1 })?.hints).toEqual([]);
  expect(words({ peakBytes: 7_000_000_000, cpus: 1, cpuSeconds: 1 })?.hints).toEqual([]);
});
