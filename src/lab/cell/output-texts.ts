/** The words that the output writer puts into outputs, so that it needs no translator. */
export type OutputTexts = {
  /** `… 1,234 more lines in the log` */
  hiddenLines(lines: number): string;
};
