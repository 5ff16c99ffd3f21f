import type { TestOutcome } from '../../schedulers/scheduler';
import { namesQueue, shortShape, soonest } from '../rehearsal-shape';

const at = (estimatedStart: string | null, accepted = true): TestOutcome => ({
  accepted,
  estimatedStart,
  message: null
});

describe('the shape of a rehearsal on a cluster', () => {
  it('is one node for five minutes, and else what was asked for', () => {
    expect(shortShape({ nodes: 4, cpus: 8, memory: '8G', gpus: 1, time: '2:00:00' })).toEqual({
      cpus: 8,
      memory: '8G',
      gpus: 1,
      time: '0:05:00'
    });
  });

  it('is never longer than what was asked for, also by a raw option', () => {
    expect(shortShape({ time: '2:00' })).toEqual({ time: '2:00' });
    expect(shortShape({ sbatch: ['--time=3:00', '--nodes=2', '-N4', '--mail-type=FAIL'] })).toEqual(
      { sbatch: ['--time=3:00', '--mail-type=FAIL'] }
    );
    expect(shortShape({ sbatch: ['--time=1-0'] })).toEqual({ time: '0:05:00' });
    expect(shortShape({})).toEqual({ time: '0:05:00' });
  });

  it('keeps a queue that somebody chose', () => {
    expect(namesQueue({ partition: 'gpu' })).toBe(true);
    expect(namesQueue({ sbatch: ['--partition=gpu'] })).toBe(true);
    expect(namesQueue({ sbatch: ['-pgpu'] })).toBe(true);
    expect(namesQueue({ sbatch: ['--mail-type=FAIL'] })).toBe(false);
  });

  it('goes where it starts first, and to the first of equals', () => {
    const [noon, later] = ['2026-01-01T12:00:00Z', '2026-01-01T12:00:01Z'];
    expect(soonest([at(later), at(noon), at(noon)])).toBe(1);
    expect(soonest([at(noon, false), at(later)])).toBe(1);
    expect(soonest([at(null), at(noon, false)])).toBe(-1);
    expect(soonest([])).toBe(-1);
  });
});
