import type { Partition } from '../../../shared/wire/limits';
import { partitionWords } from '../slurm-findings';

const main: Partition = {
  name: 'main',
  isDefault: true,
  isUp: true,
  maxTime: '3-00:00:00',
  nodes: 3,
  cpusPerNode: 4,
  memoryPerNodeMb: 8192,
  gpus: []
};

test.each([
  [{}, 'main (default): up to 3-00:00:00, 3 nodes of 4 CPUs and 8.0 GiB'],
  [
    { isUp: false, maxTime: 'infinite', nodes: 1, gpus: ['a100:4'] },
    'main (default) (down): no time limit, 1 node of 4 CPUs and 8.0 GiB, GPUs a100:4'
  ]
])('a partition in a line: %j', (changes, words) => {
  expect(partitionWords({ ...main, ...changes })).toBe(words);
});
