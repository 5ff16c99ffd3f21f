import type { Figure, Section } from '../measure/figure.ts';

/** What one round brought, on one array of 100 MB. */
export type ValuesRound = {
  encodeMs: number;
  dillMs: number;
  sentMs: number;
  plainMs: number;
  hashMs: number;
  storedMs: number;
};

export type ValuesVersions = { dill: string; numpy: string };

const WANTED_BESIDE_DILL = 1 / 50;
const WANTED_BESIDE_PLAIN = 1.2;
const WANTED_BESIDE_HASH = 1.2;
const MOST_PEAK_MB = 100;

/** The figures of large values that leave a kernel. */
export function valuesSection(
  rounds: readonly ValuesRound[],
  peaksMb: readonly number[],
  { dill, numpy }: ValuesVersions
): Section {
  const figure = (
    name: string,
    ours: keyof ValuesRound,
    beside: [label: string, of: keyof ValuesRound, wanted: number]
  ): Figure => ({
    name,
    unit: 'ms',
    ours: { label: 'Sluice', values: rounds.map(round => round[ours]) },
    beside: { label: beside[0], values: rounds.map(round => round[beside[1]]) },
    wanted: beside[2]
  });
  return {
    title: 'capture: large values',
    figures: [
      figure('100 MB array, serialised', 'encodeMs', ['dill.dumps', 'dillMs', WANTED_BESIDE_DILL]),
      figure('100 MB array, hashed and written', 'sentMs', [
        'a hash and a write',
        'plainMs',
        WANTED_BESIDE_PLAIN
      ]),
      figure('100 MB array that is stored already', 'storedMs', [
        'a hash',
        'hashMs',
        WANTED_BESIDE_HASH
      ]),
      {
        name: '1 GB array captured, growth of peak memory',
        unit: 'MB',
        ours: { label: 'Sluice', values: peaksMb },
        beside: { label: 'the limit', values: peaksMb.map(() => MOST_PEAK_MB) },
        wanted: 1
      }
    ],
    notes: [
      `${rounds.length} rounds, a new array in each; dill ${dill}, NumPy ${numpy}.`,
      'Every write ends with fsync, on both sides, on the disk of the temporary directory.'
    ]
  };
}
