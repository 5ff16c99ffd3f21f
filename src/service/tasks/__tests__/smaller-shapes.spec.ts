import type { TestOutcome } from '../../schedulers/scheduler';
import { smallerShapes, soonerShape } from '../smaller-shapes';

describe('smaller shapes', () => {
  it('ask for an hour where more was asked, or nothing', () => {
    expect(smallerShapes({ time: '4:00:00', gpus: 1 })).toEqual([{ time: '1:00:00', gpus: 1 }]);
    expect(smallerShapes({})).toEqual([{ time: '1:00:00' }]);
    expect(smallerShapes({ time: '1:00:00' })).toEqual([]);
  });

  it('ask for a quarter of many processors and much memory, last', () => {
    expect(smallerShapes({ time: '2-0', cpus: 10, memory: '64G' })).toEqual([
      { time: '1:00:00', cpus: 10, memory: '64G' },
      { time: '1:00:00', cpus: 3, memory: '16384M' }
    ]);
    expect(smallerShapes({ time: '30', cpus: 8, memory: '2G' })).toEqual([
      { time: '30', cpus: 2, memory: '2G' }
    ]);
  });

  it('take the place of a time among raw options, which would win', () => {
    const sbatch = ['--time=2-0', '--mail-type=FAIL'];
    expect(smallerShapes({ time: '10', sbatch })).toEqual([
      { time: '1:00:00', sbatch: ['--mail-type=FAIL'] }
    ]);
    expect(smallerShapes({ sbatch: ['-t30'] })).toEqual([]);
  });
});

describe('the smaller shape that is told', () => {
  const at = (estimatedStart: string | null, accepted = true): TestOutcome => ({
    accepted,
    estimatedStart,
    message: null
  });
  const noon = '2026-01-01T12:00:00.000Z';
  const soon = '2026-01-01T12:00:59.000Z';
  const later = '2026-01-02T12:00:00.000Z';
  const hour = { time: '1:00:00' };
  const less = { time: '1:00:00', cpus: 1 };

  it('is the nearest one that starts sooner', () => {
    const shapes = [
      { resources: hour, outcome: at(noon) },
      { resources: less, outcome: at(noon) }
    ];
    expect(soonerShape(at(later), shapes)).toEqual({ resources: hour, estimatedStart: noon });
  });

  it('is none where nothing is gained', () => {
    const shapes = [{ resources: hour, outcome: at(noon) }];
    expect(soonerShape(at(soon), shapes)).toBeNull();
    expect(soonerShape(at(noon), [{ resources: hour, outcome: at(null) }])).toBeNull();
    expect(soonerShape(at(later), [{ resources: hour, outcome: at(noon, false) }])).toBeNull();
  });

  it('is one that would be taken where what was asked is refused, or has no date', () => {
    const shapes = [{ resources: less, outcome: at(noon) }];
    const told = { resources: less, estimatedStart: noon };
    expect(soonerShape(at(null, false), shapes)).toEqual(told);
    expect(soonerShape(at(null), shapes)).toEqual(told);
  });
});
