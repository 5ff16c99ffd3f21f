import type { LargeValue, Way } from '../ask/large-value';
import type { UndecidedFile } from '../ask/undecided-file';

/** Asks a person how to go on where a cell cannot run as it is. */
export interface IWaysOn {
  /** A value is over the limit; null: do not run. */
  largeValue(value: LargeValue): Promise<Way | null>;
  /** Whether a large file travels; null: do not run. */
  undecidedFile(file: UndecidedFile): Promise<'send' | 'stay' | null>;
}
