import { takeTurns } from '../take-turns';

describe('takeTurns', () => {
  it('does so many at a time, and goes on after a failure', async () => {
    let open = 0;
    let most = 0;
    const results = takeTurns([1, 2, 3, 4, 5], 2, async item => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(resolve => setImmediate(resolve));
      open -= 1;
      if (item === 2) {
        throw new Error('two');
      }
      return item * 10;
    });
    const settled = await Promise.allSettled(results);
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled'
    ]);
    expect(most).toBe(2);
  });
});
