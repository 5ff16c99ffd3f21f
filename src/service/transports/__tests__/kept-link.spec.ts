import { SluiceError } from '../../../shared/errors';
import { afterFailure, type AttemptRecord, backOffMs, mayAttempt } from '../back-off';
import { deferred } from '../deferred';
import { failureKind, KeptLink, type KeptLinkOptions } from '../kept-link';
import type { ILoginAttempt, ILoginPrompter, LoginQuestion } from '../login/login-prompter';

function fakeLink() {
  const gone = deferred<string>();
  return { gone: gone.promise, end: () => gone.resolve('ended'), drop: () => gone.resolve('cut') };
}

type FakeLink = ReturnType<typeof fakeLink>;

function keptLink(
  open: KeptLinkOptions<FakeLink>['open'],
  options: Partial<KeptLinkOptions<FakeLink>> = {}
): KeptLink<FakeLink> {
  const names = { target: 'cluster', host: 'login1', via: 'ssh2' } as const;
  return new KeptLink({ open, ...names, nowMs: () => 0, ...options });
}

const QUESTION: LoginQuestion = { host: 'login1', kind: 'question', text: '', fields: [] };

/** A person who allows logins one by one, as `allow` says. */
class FakePerson implements ILoginPrompter {
  mayAsk = false;
  asked = 0;
  ended = 0;
  answer: Promise<string[]> = Promise.resolve([]);

  allow(): void {
    this.mayAsk = true;
  }

  begin(): ILoginAttempt {
    const { mayAsk } = this;
    this.mayAsk = false;
    return {
      hasAsked: mayAsk,
      ask: async () => {
        if (!mayAsk) {
          throw new SluiceError('needs-login', { host: 'login1', problem: 'nobody is there' });
        }
        this.asked += 1;
        return this.answer;
      },
      end: () => {
        this.ended += 1;
      }
    };
  }
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
    expect(second).toMatchObject({ failure: 'network', count: 2, notBeforeMs: 3000 });
    expect(afterFailure(second, 'authentication', 5000)).toMatchObject({
      failure: 'authentication',
      count: 1,
      notBeforeMs: 20_000
    });
  });

  it('has no end after three refused logins, whatever the network did between', () => {
    const kinds = ['authentication', 'network', 'authentication', 'network'] as const;
    const before = kinds.reduce<AttemptRecord | null>(
      (record, kind) => afterFailure(record, kind, 0),
      null
    );
    expect(before).toMatchObject({ refusals: 2, notBeforeMs: 1000 });
    const third = afterFailure(before, 'authentication', 0);
    expect(third).toMatchObject({ refusals: 3, notBeforeMs: Infinity });
    expect(afterFailure(third, 'network', 0).notBeforeMs).toBe(Infinity);
  });

  it.each([
    ['nobody before its time', { nowMs: 14_999, mayAsk: false }, false, false],
    ['anybody in its time', { nowMs: 15_000, mayAsk: false }, false, true],
    ['a person earlier', { nowMs: 5000, mayAsk: true }, false, true],
    ['not a person’s ten jobs at once', { nowMs: 4999, mayAsk: true }, false, false],
    ['a person at once who mistyped', { nowMs: 0, mayAsk: true }, true, true]
  ])('lets %s try again', (_, now, hasAsked, may) => {
    expect(mayAttempt(afterFailure(null, 'authentication', 0, hasAsked), now)).toBe(may);
  });

  it.each([
    ['authentication-refused', 'authentication'],
    ['host-key-unknown', 'host-key'],
    ['host-key-changed', 'host-key'],
    ['config-invalid', 'host-key'],
    ['openssh-missing', 'host-key'],
    ['host-unreachable', 'network'],
    ['needs-login', null],
    ['login-canceled', null]
  ] as const)('after %s is that of %s', (code, kind) => {
    expect(failureKind(new SluiceError(code))).toBe(kind);
  });
});

describe('a kept link', () => {
  it('is opened once for all who ask at once', async () => {
    const open = jest.fn(async () => fakeLink());
    const kept = keptLink(open);
    const [first, second] = await Promise.all([kept.get(), kept.get()]);
    expect(first).toBe(second);
    expect(await kept.get()).toBe(first);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('is opened anew, at once, after it dropped', async () => {
    const links = [fakeLink(), fakeLink()];
    const unused = [...links];
    const open = async () => unused.shift()!;
    const kept = keptLink(open);
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
    const kept = keptLink(open, { nowMs: () => nowMs });
    for (nowMs of [0, 14_999, 15_000, 44_999]) {
      await expect(kept.get()).rejects.toBe(fault);
    }
    expect(open).toHaveBeenCalledTimes(2);
    expect(kept.connection).toMatchObject({ state: 'paused', notBefore: 45_000 });
  });

  it('is not tried a fourth time before a person says so', async () => {
    let nowMs = 0;
    const person = new FakePerson();
    const open = jest.fn(async (): Promise<FakeLink> => {
      throw new SluiceError('authentication-refused');
    });
    const kept = keptLink(open, { nowMs: () => nowMs, prompter: person });
    for (nowMs of [0, 15_000, 45_000]) {
      await expect(kept.get()).rejects.toMatchObject({ code: 'authentication-refused' });
    }
    nowMs = 24 * 3_600_000;
    await expect(kept.get()).rejects.toMatchObject({
      code: 'login-paused',
      details: { host: 'login1', target: 'cluster', count: 3 }
    });
    expect(kept.connection).toMatchObject({ state: 'paused', notBefore: null });
    person.allow();
    await expect(kept.get()).rejects.toMatchObject({ code: 'authentication-refused' });
    expect(open).toHaveBeenCalledTimes(4);
  });

  it('forgets its failures when it is closed, and may be closed twice', async () => {
    const open = jest.fn(async () => {
      if (open.mock.calls.length === 1) {
        throw new SluiceError('authentication-refused');
      }
      return fakeLink();
    });
    const kept = keptLink(open);
    await expect(kept.get()).rejects.toThrow();
    await kept.close();
    const link = await kept.get();
    await kept.close();
    await kept.close();
    expect(await link.gone).toBe('ended');
  });
});

describe('a link that a person logged in', () => {
  const asking = (links: FakeLink[]): KeptLinkOptions<FakeLink>['open'] =>
    jest.fn(async (attempt: ILoginAttempt, signal: AbortSignal) => {
      await attempt.ask(QUESTION, signal);
      const link = fakeLink();
      links.push(link);
      return link;
    });

  it('is not opened while nobody may be asked, and after that not even tried', async () => {
    const open = asking([]);
    const kept = keptLink(open, { prompter: new FakePerson() });
    await expect(kept.get()).rejects.toMatchObject({ code: 'needs-login' });
    expect(kept.connection.state).toBe('needs-login');
    await expect(kept.get()).rejects.toMatchObject({ code: 'needs-login' });
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('tells each state to who listens, and comes back by a person’s action alone', async () => {
    const [person, links, states]: [FakePerson, FakeLink[], string[]] = [new FakePerson(), [], []];
    const open = asking(links);
    const kept = keptLink(open, { prompter: person });
    const stop = kept.onChange(() => states.push(kept.connection.state));
    person.allow();
    await kept.get();
    links[0]!.drop();
    await links[0]!.gone;
    await expect(kept.get()).rejects.toMatchObject({ code: 'needs-login' });
    expect([...new Set(states)]).toEqual(['connecting', 'asking', 'connected', 'needs-login']);
    expect(open).toHaveBeenCalledTimes(1);
    stop();
    person.allow();
    expect(await kept.get()).toBe(links[1]);
    expect(person).toMatchObject({ asked: 2, ended: 2 });
    expect(states.at(-1)).toBe('needs-login');
  });

  it('is given up after 8 h, while one that asked nobody stays', async () => {
    let nowMs = 0;
    const [person, links]: [FakePerson, FakeLink[]] = [new FakePerson(), []];
    const kept = keptLink(asking(links), { prompter: person, nowMs: () => nowMs });
    person.allow();
    await kept.get();
    nowMs = 8 * 3_600_000 - 1;
    expect(await kept.get()).toBe(links[0]);
    nowMs += 1;
    await expect(kept.get()).rejects.toThrow('the last login was 8 h ago');
    expect(await links[0]!.gone).toBe('ended');

    const unattended = keptLink(async () => fakeLink(), { nowMs: () => nowMs });
    const link = await unattended.get();
    nowMs += 100 * 3_600_000;
    expect(await unattended.get()).toBe(link);
  });

  it('is not needed again by one who only looked at a host key', async () => {
    const person = new FakePerson();
    const kept = keptLink(
      async (attempt, signal) => {
        if (person.asked === 0) {
          await attempt.ask({ ...QUESTION, kind: 'host-key' }, signal);
        }
        return fakeLink();
      },
      { prompter: person }
    );
    person.allow();
    const link = await kept.get();
    link.drop();
    await link.gone;
    expect(await kept.get()).not.toBe(link);
  });

  it('waits for a person after the login was given up', async () => {
    const person = new FakePerson();
    person.answer = Promise.reject(new SluiceError('login-canceled', { host: 'login1' }));
    const kept = keptLink(asking([]), { prompter: person });
    person.allow();
    await expect(kept.get()).rejects.toMatchObject({ code: 'login-canceled' });
    await expect(kept.get()).rejects.toThrow('the last login was given up');
    expect(kept.connection.state).toBe('needs-login');
  });

  it('gives up a login that is under way when it is closed', async () => {
    const person = new FakePerson();
    const kept = keptLink(
      async (_attempt, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      { prompter: person }
    );
    const opening = kept.get();
    await Promise.all([
      kept.close(),
      expect(opening).rejects.toMatchObject({ code: 'connection-lost' })
    ]);
    expect(person.ended).toBe(1);
    expect(kept.connection).toMatchObject({ state: 'idle', notBefore: null });
  });
});
