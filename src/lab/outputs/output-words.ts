import type { TranslationBundle } from '@jupyterlab/translation';
import type { OutputTexts } from '../cell/output-texts';
import { formatBytes } from '../words/format-bytes';

/** The words for what Sluice itself puts among the outputs of a cell. */
export function outputTexts(trans: TranslationBundle): OutputTexts {
  return {
    hiddenLines: lines =>
      trans._n(
        '… %2 more line in the log',
        '… %2 more lines in the log',
        lines,
        lines.toLocaleString()
      ),
    unsealed: trans.__('These outputs bear no valid seal of the job:'),
    overflow: bytes =>
      bytes === null
        ? trans.__('… more text than comes here: the rest is in a file of the job on the cluster')
        : trans.__(
            '… more text than comes here: %1 are in the file overflow.log of the job on the cluster',
            formatBytes(bytes)
          )
  };
}

/** What leads to that meaning. */
export function unsealedQuestion(trans: TranslationBundle): string {
  return trans.__('What is that?');
}

/** What a missing seal means, for a tooltip. */
export function unsealedMeaning(trans: TranslationBundle): string {
  return trans.__(
    'Each line that a job writes is sealed with a key that only this job and Sluice have. These lines were written or changed by something else that can write into its folder, so they are shown as text, nothing in them is run, and no value of them is loaded.'
  );
}
