import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import type { Task } from '../../shared/wire/task';
import { keptAction, keptActionName, keptWords } from '../words/kept-words';
import type { JobActions } from './job-actions';

type KeptValuesProps = { task: Task; trans: TranslationBundle; actions: Pick<JobActions, 'bring'> };

/** Values that are whole elsewhere and come by the person's word, each with the button for it. */
export function KeptValues({ task, trans, actions }: KeptValuesProps): JSX.Element | null {
  const kept = task.variables.filter(variable => variable.kept != null);
  if (kept.length === 0) {
    return null;
  }
  return (
    <ul className="sluice-JobRow-values" aria-label={trans.__('Values that were kept')}>
      {kept.map(variable => (
        <li key={variable.name} title={variable.reason ?? undefined}>
          <code>{variable.name}</code> {keptWords(variable, task.target, trans)}{' '}
          <button
            type="button"
            className="sluice-Button"
            aria-label={keptActionName(variable, trans)}
            onClick={() => actions.bring(task, variable.name)}
          >
            {keptAction(variable, trans)}
          </button>
        </li>
      ))}
    </ul>
  );
}
