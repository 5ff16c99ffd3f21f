import type { TranslationBundle } from '@jupyterlab/translation';
import type { Task } from '../../shared/wire/task';
import type { Question } from './choose';

/** A large data file of which nobody said whether it travels. */
export type UndecidedFile = {
  path: string;
  /** All that are not decided, with their sizes, in words. */
  files: string;
};

/** The file that a task was refused for; null: it was not, or not for that. */
export function undecidedFileOf({ phase, reason }: Task): UndecidedFile | null {
  const path = reason?.details?.['path'];
  if (phase !== 'failed' || reason?.code !== 'file-undecided' || typeof path !== 'string') {
    return null;
  }
  return { path, files: String(reason.details?.['files'] ?? path) };
}

/** The question about one file; the answer is whether it travels. */
export function undecidedFileQuestion(
  { path, files }: UndecidedFile,
  trans: TranslationBundle
): Question<'send' | 'stay'> {
  return {
    title: trans.__('Send %1 with the cell?', path),
    words: trans.__('The cell reads large files: %1. This is remembered for this cell.', files),
    options: [
      { value: 'send', label: trans.__('Send %1', path) },
      { value: 'stay', label: trans.__('Leave it here') }
    ],
    accept: trans.__('Run on Slurm'),
    cancel: trans.__('Do not run')
  };
}
