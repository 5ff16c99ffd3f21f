import { compare } from '../measure/compare.ts';
import type { Figure } from '../measure/figure.ts';

const figure = (ours: number[], beside: number[], more: Partial<Figure> = {}): Figure => ({
  name: 'f',
  unit: 'ms',
  ours: { label: 'ours', values: ours },
  beside: { label: 'peer', values: beside },
  wanted: 1.2,
  ...more
});

describe('compare', () => {
  it('takes the ratio of the medians, and the spread of the ratios within each round', () => {
    const { ratio, spread } = compare(figure([100, 200, 600], [200, 100, 300]));
    expect(ratio).toBe(1);
    expect(spread).toMatchObject({ count: 3, min: 0.5, median: 2, max: 2 });
  });

  it('holds ours against the median of values that are not of the same rounds', () => {
    const { spread } = compare(figure([100, 300], [100, 200, 400]));
    expect(spread).toMatchObject({ count: 2, min: 0.5, max: 1.5 });
  });

  it('does not pair values of an earlier run, even where there are as many', () => {
    const { spread } = compare(figure([100, 100], [100, 300], { earlier: 'a day before' }));
    expect(spread).toMatchObject({ min: 0.5, max: 0.5 });
  });

  it.each([
    [[120], 1.2, 'within'],
    [[121], 1.2, 'over'],
    [[900], null, 'informs']
  ])('says of %j beside 100 with %j wanted: %s', (ours, wanted, verdict) => {
    expect(compare(figure(ours, [100], { wanted })).verdict).toBe(verdict);
  });
});
