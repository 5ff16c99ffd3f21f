import { logAnswer } from '../../__tests__/fake-response';
import { HELD_BYTES, LogPages, PAGE_BYTES } from '../log-pages';

function open(text: string) {
  const log = { bytes: new TextEncoder().encode(text) };
  const pages = new LogPages(async range => logAnswer(log.bytes, range));
  const grow = (more: string): void => {
    log.bytes = new Uint8Array([...log.bytes, ...new TextEncoder().encode(more)]);
  };
  return { pages, grow };
}

const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `line ${n}\n`).join('');

test('a short log is held whole', async () => {
  const { pages } = open('é\nb\n');
  await pages.toEnd();
  expect([pages.text, pages.isAtStart, pages.isAtEnd]).toEqual(['é\nb\n', true, true]);
});

test('an empty log is empty', async () => {
  const { pages } = open('');
  await pages.toEnd();
  expect([pages.text, pages.size, pages.isAtStart, pages.isAtEnd]).toEqual(['', 0, true, true]);
});

test('of a long one only its end is asked for', async () => {
  const { pages } = open(lines(200_000));
  await pages.toEnd();
  expect(pages.end - pages.start).toBe(PAGE_BYTES);
  expect(pages.text.endsWith('line 199999\n')).toBe(true);
  expect([pages.isAtStart, pages.isAtEnd]).toEqual([false, true]);
});

test('one page after another leads to the beginning, with never more than is held', async () => {
  const { pages } = open(lines(200_000));
  await pages.toEnd();
  for (let page = 0; !pages.isAtStart && page < 20; page += 1) {
    await pages.earlier();
    expect(pages.end - pages.start).toBeLessThanOrEqual(HELD_BYTES);
  }
  expect(pages.text.startsWith('line 0\nline 1\n')).toBe(true);
  expect(pages.isAtEnd).toBe(false);
  await pages.later();
  expect(pages.start).toBeGreaterThan(0);
});

test('characters that a page cuts are whole once both parts are held', async () => {
  const { pages } = open(`x${'€'.repeat(PAGE_BYTES)}`);
  await pages.toEnd();
  expect(/^€+$/.test(pages.text)).toBe(true);
  await pages.earlier();
  expect(/^€+$/.test(pages.text)).toBe(true);
  await pages.toStart();
  expect(/^x€+$/.test(pages.text)).toBe(true);
});

test('what a log grows by is added; far behind, it goes on at the end', async () => {
  const { pages, grow } = open('a\n');
  await pages.toEnd();
  grow('b\n');
  await pages.follow();
  expect(pages.text).toBe('a\nb\n');
  grow(lines(150_000));
  await pages.follow();
  expect(pages.text.endsWith('line 149999\n')).toBe(true);
  expect(pages.isAtEnd).toBe(true);
});

test('a log that is shorter than before is read anew', async () => {
  let bytes = new TextEncoder().encode('a long first attempt\n');
  const pages = new LogPages(async range => logAnswer(bytes, range));
  await pages.toEnd();
  bytes = new TextEncoder().encode('b\n');
  await pages.follow();
  expect(pages.text).toBe('b\n');
});
