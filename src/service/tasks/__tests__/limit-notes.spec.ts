import type { Limits, Partition } from '../../../shared/wire/limits';
import type { Resources } from '../../../shared/wire/resources';
import { limitNotes } from '../limit-notes';

const partition = (change: Partial<Partition>): Partition => ({
  name: 'cpu',
  isDefault: true,
  isUp: true,
  maxTime: '3-00:00:00',
  nodes: 10,
  cpusPerNode: 48,
  memoryPerNodeMb: 512_000,
  gpus: [],
  ...change
});

const limits: Limits = {
  partitions: [
    partition({}),
    partition({ name: 'gpu', isDefault: false, maxTime: '12:00:00', gpus: ['a100:4'] }),
    partition({ name: 'old', isDefault: false, isUp: false, maxTime: 'infinite' })
  ],
  accounts: ['physics'],
  qos: ['normal', 'long'],
  learnedAt: 0
};

const told = (asked: Resources): string[] =>
  limitNotes(limits, asked).map(({ name, text }) => `${name}: ${text}`);

describe('what goes beyond the limits', () => {
  it.each<[Resources, string | null]>([
    [{}, null],
    [{ time: '3-00:00:00', cpus: 48, memory: '500G', nodes: 10, account: 'physics' }, null],
    [{ partition: 'gpu', gpus: 'a100:2', time: '12:00:00' }, null],
    [{ partition: 'gpu', gpus: 2 }, null],
    [{ partition: 'old', time: 'UNLIMITED' }, 'partition: old will hardly do: it is down'],
    [{ partition: 'nope' }, 'partition: nope will hardly do: there are cpu, gpu, old'],
    [{ time: '3-00:00:01' }, 'time: 3-00:00:01 will hardly do: cpu allows 3-00:00:00 at most'],
    [{ partition: 'gpu', time: '721' }, 'time: 721 will hardly do: gpu allows 12:00:00 at most'],
    [{ gpus: 1 }, 'gpus: 1 will hardly do: cpu has no GPUs'],
    [{ partition: 'gpu', gpus: 'h100' }, 'gpus: h100 will hardly do: gpu has GPUs a100:4'],
    [{ cpus: 49 }, 'cpus: 49 will hardly do: cpu has nodes of 48 CPUs at most'],
    [{ memory: '501G' }, 'memory: 501G will hardly do: cpu has nodes of 512000 MB at most'],
    [{ nodes: 11 }, 'nodes: 11 will hardly do: cpu has 10 nodes'],
    [{ account: 'maths' }, 'account: maths will hardly do: yours are physics'],
    [{ qos: 'short' }, 'qos: short will hardly do: yours are normal, long']
  ])('of %j is %j', (asked, words) => {
    const expected = words === null ? [] : [`${words} (as the doctor saw it)`];
    expect(told(asked)).toEqual(expected);
  });

  it('is only what goes beyond those of every partition that is named', () => {
    expect(told({ partition: 'cpu,gpu', time: '1-00:00:00' })).toEqual([]);
    expect(told({ partition: 'cpu,gpu', time: '4-00:00:00' })).toHaveLength(1);
    expect(told({ partition: 'cpu,old' })).toEqual([]);
  });

  it('is nothing where no partition is known', () => {
    expect(limitNotes({ ...limits, partitions: [] }, { gpus: 9, qos: 'x' })).toEqual([]);
  });
});
