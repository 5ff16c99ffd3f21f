import { fileStateWords, fileWords } from '../file-words';
import { FILE_STATES } from '../wire/files';

const summary = { count: 14, bytes: 2.1e9, home: 3, there: 11, pinned: true };

test.each([
  [summary, '14 files, 2.1 GB: 3 came home, 11 on curnagl'],
  [{ ...summary, count: 1, bytes: 12, home: 1, there: 0 }, '1 file, 12 B: 1 came home'],
  [{ ...summary, home: 0 }, '14 files, 2.1 GB: 11 on curnagl'],
  [{ ...summary, home: 0, there: 0 }, '14 files, 2.1 GB: none wanted'],
  [{ ...summary, there: 0, taken: 11 }, '14 files, 2.1 GB: 3 came home, 11 fetched as they are']
])('tells where files are', (given, words) => {
  expect(fileWords(given, 'curnagl')).toBe(words);
});

test('has words of its own for each state', () => {
  const words = FILE_STATES.map(state => fileStateWords({ state }, 'curnagl'));
  expect(new Set(words).size).toBe(FILE_STATES.length);
});
