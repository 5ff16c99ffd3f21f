import type { TranslationBundle } from '@jupyterlab/translation';
import type { Choice } from '../../shared/wire/task';

/** What a person may decide about a task that is unknown, as a button says it. */
export function choiceWords(choice: Choice, trans: TranslationBundle): string {
  switch (choice) {
    case 'look':
      return trans.__('Look now');
    case 'give-up':
      return trans.__('Give up…');
    case 'run-again':
      return trans.__('Run again…');
  }
}

/** The same in full, for a tooltip and a screen reader. */
export function choiceName(choice: Choice, trans: TranslationBundle): string {
  switch (choice) {
    case 'look':
      return trans.__('Ask the cluster now what became of this job');
    case 'give-up':
      return trans.__('Give this job up: none of it can run afterwards');
    case 'run-again':
      return trans.__('Give this job up and submit it anew');
  }
}
