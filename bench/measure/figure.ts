/** The values of one way, in the order of the rounds. */
export type Sample = { label: string; values: readonly number[] };

/** One line of a table: a way of ours beside a peer, a floor or a limit. */
export type Figure = {
  name: string;
  unit: 'ms' | 'MB';
  ours: Sample;
  beside: Sample;
  /** The highest ratio wanted; null: the figure only informs. */
  wanted: number | null;
  /** Where the other side's values are from, when they are not of this run. */
  earlier?: string;
};

/** Figures that were taken together, with what a reader needs beside them. */
export type Section = { title: string; figures: Figure[]; notes: string[] };
