import type { TranslationBundle } from '@jupyterlab/translation';
import type { IWaysOn } from '../notebook/ways-on';
import { choose } from './choose';
import { largeValueQuestion } from './large-value';
import { undecidedFileQuestion } from './undecided-file';

/** The questions as dialogs. */
export function askByDialogs(trans: TranslationBundle): IWaysOn {
  return {
    largeValue: value => choose(largeValueQuestion(value, trans)),
    undecidedFile: file => choose(undecidedFileQuestion(file, trans))
  };
}
