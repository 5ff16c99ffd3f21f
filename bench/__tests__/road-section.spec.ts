import { followIntervalMs } from '../../src/service/tasks/follow-interval.ts';
import { compare } from '../measure/compare.ts';
import { FOLLOW_INTERVAL_MS, type RoadRound, roadSection } from '../road/road-section.ts';

const round = (shift: number): RoadRound => ({
  sluice: {
    toOutputMs: 1100 + shift,
    toResultMs: 1300 + shift,
    startToOutputMs: 400 + shift,
    stages: {
      'request to handed over': 100,
      'handed over to job start': 600,
      'job start to worker': 50,
      'worker to printed': 200,
      'printed to visible': 150,
      'visible to result': 200
    }
  },
  bare: { toOutputMs: 1000 + shift, startToOutputMs: 250 },
  submititMs: 2600,
  aloneMs: 200,
  tripMs: 20
});

describe('roadSection', () => {
  const setting = { title: 'road', wantedBesideSubmitit: 0.5, notes: ['n'] };
  const { figures, notes } = roadSection([round(0), round(10), round(20)], setting);
  const named = (name: string): number[] =>
    figures.filter(figure => figure.name === name).map(figure => compare(figure).ratio);

  it('puts the road beside sbatch and submitit', () => {
    expect(named('request to first output')).toEqual([1110 / 1010, 1110 / 2600]);
    expect(named('request to result')).toEqual([1310 / 2600]);
  });

  it('allows from the job’s start the interpreter, five round trips and one interval', () => {
    expect(named('job start to visible')[0]).toBe(410 / (200 + 5 * 20 + FOLLOW_INTERVAL_MS));
  });

  it('compares what came before the job’s start', () => {
    expect(named('request to job start')).toEqual([700 / 760]);
  });

  it('says where the time goes', () => {
    expect(notes.join('\n')).toMatch(/handed over to job start 600 ms.*printed to visible 150 ms/);
  });

  it('tells the steps in which submitit waits, and the ratio of the means', () => {
    const rounds = [1010, 1020, 2030].map(submititMs => ({ ...round(0), submititMs }));
    const section = roadSection(rounds, setting);
    expect(section.notes.join('\n')).toContain('2 in 1 s, 1 in 2 s');
    expect(section.notes.join('\n')).toContain('ratio of the means: 0.96');
  });

  it('counts with the interval that the service really uses', () => {
    const began = { sinceTurnMs: 0, sinceNewsMs: 0 };
    const asked = followIntervalMs({ ...began, hasViewer: true, isLocal: false });
    expect(FOLLOW_INTERVAL_MS).toBe(asked);
  });
});
