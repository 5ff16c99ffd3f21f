import { isNear, layOutRoots } from '../root-layout';

describe('layOutRoots', () => {
  const placesOf = (
    roots: string[],
    beside: { root: string; absolute: string }[] = []
  ): string[] => {
    const { placeOf } = layOutRoots(roots, beside);
    return roots.map(placeOf);
  };

  it.each([
    ['one', ['/p/nb'], ['modules/0']],
    ['one above the other', ['/p/nb', '/p'], ['modules/0/nb', 'modules/0']],
    ['one at the root of the disk', ['/p'], ['modules/0']],
    ['siblings', ['/w/p/nb', '/w/p/libs/one'], ['modules/0/nb', 'modules/0/libs/one']],
    ['up to three levels apart', ['/w/p/a/b/c', '/w/p/x'], ['modules/0/a/b/c', 'modules/0/x']],
    ['farther apart', ['/w/p/a/b/c/d', '/w/p/x'], ['modules/0', 'modules/1']],
    ['only near by a folder that all share', ['/tmp/a', '/tmp/b'], ['modules/0', 'modules/1']],
    ['near by the root of the disk', ['/a', '/b'], ['modules/0', 'modules/1']],
    [
      'a later one that joins two',
      ['/w/p/a/b/c/d', '/w/p/x', '/w/p'],
      ['modules/0/a/b/c/d', 'modules/0/x', 'modules/0']
    ]
  ])('keeps the places of roots to each other: %s', (_, roots, expected) => {
    expect(placesOf(roots)).toEqual(expected);
  });

  it('reaches up to the data that modules name from their place', () => {
    const beside = [{ root: '/w/p/src', absolute: '/w/p/data/x.csv' }];
    expect(placesOf(['/w/p/src'], beside)).toEqual(['modules/0/src']);
    const layout = layOutRoots(['/w/p/src'], beside);
    expect(layout.placeBeside('/w/p/src', '/w/p/data/x.csv')).toBe('modules/0/data/x.csv');
    expect(layout.placeBeside('/w/p/src', '/w/far/x.csv')).toBeNull();
  });

  it('says what is near', () => {
    expect(isNear('/w/p/src', '/w/p/src/pk/x')).toBe(true);
    expect(isNear('/w/p/src', '/w/x')).toBe(true);
    expect(isNear('/w/p/src', '/x')).toBe(false);
    expect(isNear('/home/me', '/home/x')).toBe(false);
    expect(isNear('/a/b/c/d/e/f', '/a/b/x')).toBe(false);
  });
});
