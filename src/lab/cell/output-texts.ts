/** The words that the output writer puts into outputs, so that it needs no translator. */
export type OutputTexts = {
  /** `… 1,234 more lines in the log` */
  hiddenLines(lines: number): string;
  /** The line that marks what bears no valid seal. */
  unsealed: string;
  /** That further text stays on the cluster; null: it is not known how much. */
  overflow(bytes: number | null): string;
};
