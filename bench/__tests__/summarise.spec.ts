import { summarise } from '../measure/summarise.ts';

describe('summarise', () => {
  it('gives order statistics, whatever the order of the values', () => {
    expect(summarise([5, 1, 4, 2, 3])).toEqual({
      count: 5,
      min: 1,
      lowerQuartile: 2,
      median: 3,
      upperQuartile: 4,
      max: 5
    });
  });

  it('goes between the two nearest ranks', () => {
    expect(summarise([1, 2, 3, 10])).toMatchObject({ lowerQuartile: 1.75, median: 2.5 });
  });

  it('leaves the values as they were', () => {
    const values = [2, 1];
    summarise(values);
    expect(values).toEqual([2, 1]);
  });

  it.each([[[]], [[1, NaN]], [[Infinity]]])('refuses %j: a hole is no measurement', values => {
    expect(() => summarise(values)).toThrow(RangeError);
  });
});
