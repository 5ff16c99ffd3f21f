import { hereSection } from '../here/here-section.ts';
import { compare } from '../measure/compare.ts';
import { pageSection } from '../page/page-section.ts';
import { serviceSection } from '../service/service-section.ts';

describe('hereSection', () => {
  const earlier = { milliseconds: [8000], where: 'of a former run' };
  const round = { hereMs: 400, aloneMs: 100 };

  it('compares with SlurmRay of the same rounds', () => {
    const section = hereSection([{ ...round, slurmrayMs: 5000 }], '9', earlier);
    const [besideSlurmray, besideAlone] = section.figures.map(compare);
    expect(besideSlurmray).toMatchObject({ ratio: 0.08, verdict: 'within' });
    expect(besideAlone).toMatchObject({ ratio: 4, verdict: 'informs' });
    expect(section.figures[0]).not.toHaveProperty('earlier');
  });

  it('says that SlurmRay’s figure is an earlier one where it did not run', () => {
    const { figures } = hereSection([{ ...round, slurmrayMs: null }], null, earlier);
    expect(figures[0]).toMatchObject({ earlier: 'of a former run', beside: { values: [8000] } });
  });
});

describe('serviceSection', () => {
  const starts = [{ coldMs: 400, nodeMs: 40 }];
  const memories = [{ fresh: 90, afterCells: 130 }];
  const { figures } = serviceSection(starts, memories);

  it('allows one and a half times an empty Node and 300 ms', () => {
    expect(figures[0]?.beside.values).toEqual([360]);
    expect(figures.map(figure => compare(figure).verdict)).toEqual([
      'over',
      'informs',
      'within',
      'over'
    ]);
  });
});

describe('pageSection', () => {
  const cost = (taskMs: number, longestMs: number) => ({ taskMs, longestMs, scriptMs: 0 });
  const pair = { slurm: cost(500, 80), local: cost(1000, 60) };
  const { figures, notes } = pageSection([
    { atOnce: pair, steadily: { ...pair, slurm: cost(2500, 300) } }
  ]);

  it('holds each cell against two seconds and against the kernel', () => {
    expect(figures.map(figure => compare(figure).ratio)).toEqual([0.25, 0.5, 1.25, 2.5]);
    expect(figures.map(figure => compare(figure).verdict)).toEqual([
      'within',
      'informs',
      'over',
      'informs'
    ]);
  });

  it('tells for how long the page did not answer', () => {
    expect(notes.join('\n')).toMatch(/over ten seconds: .* 300 ms with Sluice, 60\.0 ms/);
  });
});
