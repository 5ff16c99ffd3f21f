import { compare } from '../measure/compare.ts';
import { tasksSection } from '../tasks/tasks-section.ts';

describe('tasksSection', () => {
  const { figures, notes } = tasksSection({
    submits: [{ sluiceMs: 3000, bareMs: 2000 }],
    submitCount: 100,
    failures: { 'the cell raises': [100, 6000, 200] },
    shortListMs: [2],
    longListMs: [12],
    live: { tasks: 1000, cpuPercent: 1.5, residentMb: 150, queriesAMinute: 0.5 }
  });

  it('holds each figure against what is wanted', () => {
    const verdicts = figures.map(figure => [figure.name, compare(figure).verdict]);
    expect(verdicts).toEqual([
      ['submitting 100 tasks', 'within'],
      ['first page of the list, 10,000 tasks', 'over'],
      ['from its record to the verdict: the cell raises', 'within'],
      ['memory with 1000 live tasks', 'within']
    ]);
  });

  it('tells the slowest news, which no median shows', () => {
    expect(notes).toEqual([
      expect.stringContaining('1.50 % of one core (wanted: under 5), 0.500 calls'),
      'The slowest news of a failure took 6000 ms.'
    ]);
  });
});
