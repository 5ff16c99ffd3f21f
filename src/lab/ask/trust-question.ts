import type { TranslationBundle } from '@jupyterlab/translation';
import type { Trust } from '../cell/execution-mark';
import type { Question } from './choose';

/** How far a target is trusted, asked before the first cell goes there; `known` is chosen already. */
export function trustQuestion(
  target: string,
  known: Trust,
  trans: TranslationBundle
): Question<Trust> {
  return {
    title: trans.__('How far do you trust “%1”?', target),
    words: trans.__(
      'Who can write into your folders there could change what comes back to this computer. You are asked once, and can change it later by the command “Trust of a target…”.'
    ),
    options: [
      {
        value: 'none',
        label: trans.__('Text and pictures'),
        aside: trans.__(
          'HTML is shown without scripts, interactive plots stay still. Numbers, arrays, tables and tensors come home.'
        ),
        isChosen: known === 'none'
      },
      {
        value: 'outputs',
        label: trans.__('Interactive outputs too'),
        aside: trans.__(
          'HTML and scripts run as those of a cell that ran here: they can do in this page what you can do.'
        ),
        isChosen: known === 'outputs'
      },
      {
        value: 'pickles',
        label: trans.__('Any Python object too'),
        aside: trans.__(
          'Results that come as pickles are loaded by themselves; loading one can run any code on this computer.'
        ),
        isChosen: known === 'pickles'
      }
    ],
    accept: trans.__('Continue'),
    cancel: trans.__('Do not run')
  };
}
