import { parseSlurmQueues } from '../slurm-queues';

const answer = (stdout: string): { status: number; stdout: string; stderr: string } => ({
  status: 0,
  stdout,
  stderr: ''
});

describe('the partitions of a cluster', () => {
  it('are those that are up, each once', () => {
    const stdout = [
      'Welcome to the cluster',
      'sluice:partition up    cpu',
      'sluice:partition down  broken',
      'sluice:partition up    cpu',
      'sluice:partition up    gpu-long',
      'sluice:partition drain old',
      'sluice:partition '
    ].join('\n');
    expect(parseSlurmQueues(answer(stdout))).toEqual(['cpu', 'gpu-long']);
  });

  it('are none where Slurm does not answer', () => {
    expect(parseSlurmQueues(answer('sluice:partition '))).toEqual([]);
  });
});
