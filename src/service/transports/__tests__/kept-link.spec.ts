import { SluiceError } from '../../../shared/errors';
import { afterFailure, backOffMs } from '../back-off';
import { deferred } from '../deferred';
import { failureKind, KeptLink } from '../kept-link';

function fakeLink() {
  const gone = deferred<string>();
  return { gone: gone.promise, end: () => gone.resolve('ended'), drop: () => gone.resolve('cut') };
}

describe('the wait after failures', () => {
  const waits = (failure: Parameters<typeof backOffMs>[0]): number[] =>
    [1, 2, 3, 4, 5, 6, 50].map(count => backOffMs(failure, count) / 1000);

  it('grows from 15 s to 5 min after refused logins', () => {
    expect(waits('authentication')).toEqual([15, 30, 60, 120, 240, 300, 300]);
  });

  it('stays short after network errors', () => {
    expect(waits('network')).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  it('does not grow while a person looks at a host key', () => {
    expect(waits('host-key')).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('begins anew with another kind of failure', () => {
    const first = afterFailure(null, 'network', 0);
    const second = afterFailure(first, 'network', 1000);
    expect(second).toEqual({ failure: 'network', count: 2, notBeforeMs: 3000 });
    expect(afterFailure(second, 'authentication', 5000)).toEqual({
      failure: 'authentication',
      count: 1,
      notBeforeMs: 20_000
    });
  });

  it.each([
    ['authentication-refused', 'authentication'],
    ['host-key-unknown', 'host-key'],
    ['host-key-changed', 'host-key'],
    ['config-invalid', 'host-key'],
    ['host-unreachable', 'network']
  ] as const)('after %s is that of %s', (code, kind) => {
    expect(failureKind(new SluiceError(code))).toBe(kind);
  });
});

describe('a kept link', () => {
  it('is opened once for all who ask at once', async () => {
    const open = jest.fn(async () => fakeLink());
    const kept = new KeptLink(open, () => 0);
    const [first, second] = await Promise.all([kept.get(), kept.get()]);
    expect(first).toBe(second);
    expect(await kept.get()).toBe(first);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('is opened anew, at once, after it dropped', async () => {
    const links = [fakeLink(), fakeLink()];
    const unused = [...links];
    const open = async () => unused.shift()!;
    const kept = new KeptLink(open, () => 0);
    await kept.get();
    links[0]!.drop();
    await links[0]!.gone;
    expect(await kept.get()).toBe(links[1]);
  });

  it('is not tried again before its time, and the error is the same until then', async () => {
    let nowMs = 0;
    const fault = new SluiceError('authentication-refused');
    const open = jest.fn(async (): Promise<ReturnType<typeof fakeLink>> => {
      throw fault;
    });
    const kept = new KeptLink(open, () => nowMs);
    for (nowMs of [0, 14_999, 15_000, 44_999, 45_000]) {
      await expect(kept.get()).rejects.toBe(fault);
    }
    expect(open).toHaveBeenCalledTimes(3);
  });

  it('forgets its failures when it is closed, and may be closed twice', async () => {
    const open = jest.fn(async () => {
      if (open.mock.calls.length === 1) {
        throw new SluiceError('authentication-refused');
      }
      return fakeLink();
    });
    const kept = new KeptLink(open, () => 0);
    await expect(kept.get()).rejects.toThrow();
    await kept.close();
    const link = await kept.get();
    await kept.close();
    await kept.close();
    expect(await link.gone).toBe('ended');
  });
});
