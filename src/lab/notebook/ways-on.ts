import type { AskConsent } from '../ask/project-consent';
import type { Trust } from '../cell/execution-mark';
import type { LargeValue, Way } from '../ask/large-value';
import type { FilesThatTravel, UndecidedFile } from '../ask/undecided-files';

/** Asks a person how to go on where a cell cannot run as it is. */
export interface IWaysOn {
  /** A value is over the limit; null: do not run. */
  largeValue(value: LargeValue): Promise<Way | null>;
  /** Which of some large files travel; null: do not run. */
  undecidedFiles(files: readonly UndecidedFile[]): Promise<FilesThatTravel | null>;
  /** How far a target is trusted that nobody was asked about; null: do not run. */
  trust(target: string, known: Trust): Promise<Trust | null>;
  /** Whether to allow what a project file asks for. */
  projectFile: AskConsent;
}
