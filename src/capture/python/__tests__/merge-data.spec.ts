import type { CapturedData } from '../data-files';
import { mergeData } from '../merge-data';

const file = (path: string, more: Partial<CapturedData> = {}): CapturedData => ({
  absolute: `/p/${path}`,
  bytes: 1,
  sha256: 'a',
  mode: 0o644,
  path,
  why: 'why',
  ...more
});

describe('mergeData', () => {
  it('has each path once, sorted by code unit', () => {
    expect(mergeData([file('b'), file('B'), file('b')]).map(({ path }) => path)).toEqual([
      'B',
      'b'
    ]);
  });

  it('keeps every place that a file is wanted in', () => {
    const beside = file('x', { besideRoots: ['/p'], isOnlyBeside: true });
    expect(mergeData([beside, file('x')])).toEqual([file('x', { besideRoots: ['/p'] })]);
    expect(mergeData([file('x'), beside])).toEqual([file('x', { besideRoots: ['/p'] })]);
    const other = file('x', { besideRoots: ['/o'], isOnlyBeside: true });
    expect(mergeData([beside, other])).toEqual([
      file('x', { besideRoots: ['/o', '/p'], isOnlyBeside: true })
    ]);
  });
});
