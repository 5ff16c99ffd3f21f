import type { TranslationBundle } from '@jupyterlab/translation';
import type { IWaysOn } from '../notebook/ways-on';
import { choose } from './choose';
import { largeValueQuestion } from './large-value';
import { askProjectConsent } from './project-consent';
import { trustQuestion } from './trust-question';
import { askUndecidedFiles } from './undecided-files';

/** The questions as dialogs. */
export function askByDialogs(trans: TranslationBundle): IWaysOn {
  return {
    largeValue: value => choose(largeValueQuestion(value, trans)),
    trust: (target, known) => choose(trustQuestion(target, known, trans)),
    projectFile: askProjectConsent(trans),
    undecidedFiles: files => askUndecidedFiles(files, trans)
  };
}
