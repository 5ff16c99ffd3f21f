import type { OutputTexts } from '../cell/output-texts';

/** The writer's words, short enough to be looked for. */
export const texts: OutputTexts = {
  hiddenLines: lines => `… ${lines} more lines in the log`,
  unsealed: 'no seal:',
  overflow: bytes => `… ${bytes ?? 'some'} bytes stayed there`
};
