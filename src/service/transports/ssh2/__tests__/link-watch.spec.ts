import { PassThrough } from 'node:stream';
import { watchLink } from '../link-watch';

/** The interval of a host whose configuration says nothing. */
const INTERVAL_MS = 14_000;

describe('a link that is watched', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const arrival = (link: PassThrough): Promise<void> =>
    new Promise(resolve => {
      link.once('data', () => resolve());
      link.write('x');
    });

  it('is dead within 45 s of the last byte', async () => {
    const link = new PassThrough();
    const onDead = jest.fn();
    watchLink(link, INTERVAL_MS, onDead);
    await arrival(link);
    jest.advanceTimersByTime(45_000);
    expect(onDead).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(450_000);
    expect(onDead).toHaveBeenCalledTimes(1);
  });

  it('lives for as long as anything arrives', async () => {
    const link = new PassThrough();
    const onDead = jest.fn();
    const stop = watchLink(link, INTERVAL_MS, onDead);
    for (let time = 0; time < 20; time += 1) {
      jest.advanceTimersByTime(2 * INTERVAL_MS);
      await arrival(link);
    }
    expect(onDead).not.toHaveBeenCalled();
    stop();
    jest.advanceTimersByTime(450_000);
    expect(onDead).not.toHaveBeenCalled();
  });
});
