import type { Figure, Section } from '../measure/figure.ts';

/** What one round brought. */
export type SnippetRound = { oneMs: number; captureMs: number; surveyMs: number };

const WANTED_BESIDE_ONE = 3;

/** The figures of asking a kernel about an ordinary cell. */
export function snippetSection(
  rounds: readonly SnippetRound[],
  firstMs: number,
  version: string
): Section {
  const one = { label: "the kernel's 1+1", values: rounds.map(({ oneMs }) => oneMs) };
  const figure = (name: string, values: number[]): Figure => ({
    name,
    unit: 'ms',
    ours: { label: 'Sluice', values },
    beside: one,
    wanted: WANTED_BESIDE_ONE
  });
  return {
    title: 'capture: asking the kernel',
    figures: [
      figure(
        'an ordinary cell, values stored before',
        rounds.map(({ captureMs }) => captureMs)
      ),
      figure(
        'a survey of it, to keep the summary warm',
        rounds.map(({ surveyMs }) => surveyMs)
      )
    ],
    notes: [
      `${rounds.length} rounds, round trips of a real kernel (ipykernel ${version}).`,
      `The very first capture, which loads the helper and stores the values: ${firstMs.toFixed(0)} ms.`
    ]
  };
}
