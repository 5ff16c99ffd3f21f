import { setImmediate } from 'node:timers/promises';
import { deferred } from '../../deferred';
import { SpareChannel } from '../spare-channel';
import type { Ssh2Channel } from '../ssh2-channel';

describe('a session that is kept ready', () => {
  let nowMs = 0;
  let isWanted = false;
  let opened: FakeChannel[] = [];
  let open: () => Promise<Ssh2Channel | null>;
  let spare: SpareChannel;

  class FakeChannel {
    readonly gone = deferred<{ status: number }>();
    readonly exited = this.gone.promise;
    isUsable = true;
    releases = 0;
    release(): void {
      this.releases += 1;
    }
  }

  beforeEach(() => {
    [nowMs, isWanted, opened] = [0, false, []];
    open = () => {
      const channel = new FakeChannel();
      opened.push(channel);
      return Promise.resolve(channel as unknown as Ssh2Channel);
    };
    spare = new SpareChannel({ open: () => open(), isWanted: () => isWanted, nowMs: () => nowMs });
  });

  afterEach(() => spare.giveUp());

  async function useAfterMs(...pausesMs: number[]): Promise<void> {
    for (const pauseMs of pausesMs) {
      nowMs += pauseMs;
      spare.noteUse();
      await setImmediate();
      await setImmediate();
    }
  }

  it('is opened where scripts follow each other, and not for one now and then', async () => {
    await useAfterMs(0, 15_000, 15_000);
    expect(opened).toHaveLength(0);
    await useAfterMs(1000);
    expect(opened).toHaveLength(1);
    expect(spare.take()).toBe(opened[0]);
    expect(spare.take()).toBeNull();
  });

  it('is never one of several', async () => {
    await useAfterMs(0, 10, 10, 10);
    expect(opened).toHaveLength(1);
  });

  it('gives way to somebody who waits for a session', async () => {
    isWanted = true;
    await useAfterMs(0, 10);
    expect(opened[0]?.releases).toBe(1);
    expect(spare.take()).toBeNull();
  });

  it('is not given out once the host has ended it', async () => {
    await useAfterMs(0, 10, 10);
    const [first] = opened;
    Object.assign(first ?? {}, { isUsable: false });
    expect(spare.take()).toBeNull();
    expect(first?.releases).toBe(1);
    await useAfterMs(10);
    opened[1]?.gone.resolve({ status: 0 });
    await setImmediate();
    expect(spare.take()).toBeNull();
  });

  it('is not asked for again on a connection whose host refused it', async () => {
    let asked = 0;
    open = () => {
      asked += 1;
      return Promise.reject(new Error('no more sessions'));
    };
    await useAfterMs(0, 10, 10, 10);
    expect(asked).toBe(1);
    spare.reset();
    await useAfterMs(10, 10);
    expect(asked).toBe(2);
  });
});
