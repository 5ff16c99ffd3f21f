import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import { choiceName, choiceWords } from '../words/choice-words';
import type { JobActions } from './job-actions';

type JobButtonsProps = { task: Task; trans: TranslationBundle; actions: JobActions };

/** What can be done with a job: decide about it, cancel it, look at what it left. */
export function JobButtons({ task, trans, actions }: JobButtonsProps): JSX.Element {
  const { title, choices } = task;
  const button = (
    label: string,
    name: string,
    onClick: () => void,
    title?: string
  ): JSX.Element => (
    <button
      type="button"
      className="sluice-Button"
      aria-label={name}
      title={title}
      onClick={onClick}
    >
      {label}
    </button>
  );
  return (
    <div className="sluice-JobRow-buttons">
      {choices.map(choice => {
        const words = choiceWords(choice, trans);
        const decide = (): void => actions.decide(task, choice);
        return (
          <span key={choice}>
            {button(words, `${words} ${title}`, decide, choiceName(choice, trans))}
          </span>
        );
      })}
      {!isTerminal(task.phase) && !choices.includes('give-up') && (
        <button
          type="button"
          className="sluice-Button"
          aria-label={trans.__('Cancel: %1', title)}
          disabled={task.cancelRequested}
          onClick={() => actions.cancel(task)}
        >
          {trans.__('Cancel')}
        </button>
      )}
      {button(trans.__('Log'), trans.__('Log: %1', title), () => actions.openLog(task))}
      {task.files !== null &&
        task.files.count > 0 &&
        button(trans.__('Files'), trans.__('Files: %1', title), () => actions.openFiles(task))}
      {task.origin?.notebookPath != null &&
        button(trans.__('Go to cell'), trans.__('Go to cell: %1', title), () =>
          actions.goToCell(task)
        )}
    </div>
  );
}
