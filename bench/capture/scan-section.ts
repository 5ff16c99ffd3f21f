import type { Figure, Section } from '../measure/figure.ts';

/** What one round on one project brought. */
export type ScanRound = { coldMs: number; warmMs: number; slurmrayMs: number };

/** The rounds on one project. */
export type ScanRounds = { modules: number; files: number; rounds: readonly ScanRound[] };

const WANTED_COLD = 0.5;
const WANTED_WARM = 0.1;

/** The figures of scans of projects. */
export function scanSection(projects: readonly ScanRounds[], slurmrayVersion: string): Section {
  const figures = projects.flatMap(({ modules, rounds }): Figure[] => {
    const beside = { label: 'SlurmRay', values: rounds.map(({ slurmrayMs }) => slurmrayMs) };
    const figure = (name: string, values: number[], wanted: number): Figure => ({
      name: `scan of ${modules} modules, ${name}`,
      unit: 'ms',
      ours: { label: 'Sluice', values },
      beside,
      wanted
    });
    return [
      figure(
        'cold',
        rounds.map(({ coldMs }) => coldMs),
        WANTED_COLD
      ),
      figure(
        'one changed',
        rounds.map(({ warmMs }) => warmMs),
        WANTED_WARM
      )
    ];
  });
  const files = projects.map(project => project.files).join(', ');
  return {
    title: 'scan',
    figures,
    notes: [
      `SlurmRay ${slurmrayVersion}; projects of ${files} files, all of which both must find.`,
      'Both scan in a new process each round, their code loaded; ours after the warm-up that the ' +
        'service makes at its start, on a project of its own. SlurmRay keeps nothing between ' +
        'scans, so its one time stands beside both of ours.'
    ]
  };
}
