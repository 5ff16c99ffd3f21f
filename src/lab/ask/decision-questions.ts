import type { TranslationBundle } from '@jupyterlab/translation';
import type { Choice, Task } from '../../shared/wire/task';
import type { Confirmation } from './confirm';

/** What a person has to agree to before a choice is carried out; null: it harms nothing. */
export function decisionQuestion(
  task: Pick<Task, 'target'>,
  choice: Choice,
  trans: TranslationBundle
): Confirmation | null {
  switch (choice) {
    case 'look':
      return null;
    case 'give-up':
      return {
        title: trans.__('Give this job up?'),
        body: trans.__(
          'Sluice makes sure on %1 that no job of it can run your code afterwards, cancels what there is, and lists it as canceled. What it printed and wrote until then stays.',
          task.target
        ),
        accept: trans.__('Give up'),
        cancel: trans.__('Keep looking')
      };
    case 'run-again':
      return {
        title: trans.__('Run it again?'),
        body: trans.__(
          'Sluice first makes sure on %1 that the earlier job can run your code no more, then submits the same anew. If the earlier one did run already, its work is done a second time.',
          task.target
        ),
        accept: trans.__('Run again'),
        cancel: trans.__('Keep looking')
      };
  }
}

/** The question before several jobs are canceled. */
export function cancelQuestion(count: number, trans: TranslationBundle): Confirmation {
  return {
    title: trans._n('Cancel %1 job?', 'Cancel %1 jobs?', count, count),
    body: trans._n(
      'It ends, wherever it is, and is not run again. What it printed and wrote until then stays.',
      'They end, wherever they are, and are not run again. What they printed and wrote until then stays.',
      count
    ),
    accept: trans._n('Cancel the job', 'Cancel %1 jobs', count, count),
    cancel: trans._n('Keep it', 'Keep them', count)
  };
}
