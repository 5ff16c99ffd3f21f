import type { Figure } from './figure.ts';
import { summarise, type Summary } from './summarise.ts';

/** What a figure says. */
export type Comparison = {
  /** Of the two medians. */
  ratio: number;
  /** Of the ratios within each round; where the other side has no rounds, of ours to its median. */
  spread: Summary;
  verdict: 'within' | 'over' | 'informs';
};

/** Compares the two sides of a figure. */
export function compare({ ours, beside, wanted, earlier }: Figure): Comparison {
  const { median } = summarise(beside.values);
  const ratio = summarise(ours.values).median / median;
  const isPaired = earlier === undefined && ours.values.length === beside.values.length;
  const partner = (round: number): number => (isPaired ? beside.values[round] : null) ?? median;
  const spread = summarise(ours.values.map((value, round) => value / partner(round)));
  return { ratio, spread, verdict: verdictOf(ratio, wanted) };
}

function verdictOf(ratio: number, wanted: number | null): Comparison['verdict'] {
  if (wanted === null) {
    return 'informs';
  }
  return ratio <= wanted ? 'within' : 'over';
}
