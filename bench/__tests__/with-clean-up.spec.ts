import { withCleanUp } from '../with-clean-up.ts';

describe('withCleanUp', () => {
  it('undoes the last first, and gives the result', async () => {
    const done: string[] = [];
    const result = await withCleanUp(async cleanUp => {
      cleanUp(async () => void done.push('first'));
      cleanUp(async () => void done.push('second'));
      return 7;
    });
    expect(result).toBe(7);
    expect(done).toEqual(['second', 'first']);
  });

  it('undoes everything when the work fails, and tells why the work failed', async () => {
    const done: string[] = [];
    const work = withCleanUp(async cleanUp => {
      cleanUp(async () => void done.push('first'));
      cleanUp(() => Promise.reject(new Error('undo')));
      throw new Error('work');
    });
    await expect(work).rejects.toThrow('work');
    expect(done).toEqual(['first']);
  });

  it('tells of an undo that failed', async () => {
    const work = withCleanUp(async cleanUp => {
      cleanUp(() => Promise.reject(new Error('left something behind')));
    });
    await expect(work).rejects.toThrow('left something behind');
  });

  it('undoes everything when it is to stop in the middle of the work', async () => {
    const done: string[] = [];
    const never = new Promise<never>(() => undefined);
    const work = withCleanUp(
      async cleanUp => {
        cleanUp(async () => void done.push('first'));
        await never;
      },
      Promise.reject(new Error('stop'))
    );
    await expect(work).rejects.toThrow('stop');
    expect(done).toEqual(['first']);
  });
});
