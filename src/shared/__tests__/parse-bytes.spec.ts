import { parseBytes } from '../parse-bytes';

describe('parseBytes', () => {
  it.each([
    ['1500', 1500],
    ['64 B', 64],
    ['500M', 500e6],
    ['1.5 GB', 1.5e9],
    ['8g', 8e9],
    ['8GiB', 8 * 2 ** 30],
    ['2 KiB', 2048],
    ['1T', 1e12]
  ])('reads %s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', 'lots', '1X', '8iB', '-1', '1 G B'])('refuses “%s”', text => {
    expect(parseBytes(text)).toBeNull();
  });
});
