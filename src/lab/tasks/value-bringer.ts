import type { TranslationBundle } from '@jupyterlab/translation';
import type { HomeVariable, Task } from '../../shared/wire/task';
import type { Confirmation } from '../ask/confirm';
import type { ISluiceService } from '../service';
import { formatBytes } from '../words/format-bytes';
import type { IProgress } from '../show-progress';
import { toProblem } from './task-store';

/** Binds values in a kernel; sentences that a person should read. */
export type BindValues = (variables: readonly HomeVariable[]) => Promise<readonly string[]>;

export type ValueBringerOptions = {
  service: Pick<ISluiceService, 'bringValue'>;
  trans: TranslationBundle;
  confirm(question: Confirmation): Promise<boolean>;
  /** Say what is under way, until it is over. */
  begin(words: string): IProgress;
  /** The kernel that takes values of a task; null: its notebook is not open. */
  kernelOf(task: Task): BindValues | null;
};

/** Brings values that were kept into the kernel: large ones from the target, pickles by the person's word. */
export class ValueBringer {
  constructor(private readonly _options: ValueBringerOptions) {}

  async bring(task: Task, variable: HomeVariable): Promise<void> {
    const { service, trans, confirm, begin, kernelOf } = this._options;
    const { name } = variable;
    const load = variable.kept === 'withheld';
    if (load && !(await confirm(loadQuestion(task, variable, trans)))) {
      return;
    }
    const progress = begin(
      load
        ? trans.__('Loading “%1”…', name)
        : trans.__('Fetching “%1” (%2) from %3…', name, formatBytes(variable.bytes), task.target)
    );
    const bind = kernelOf(task);
    if (!bind) {
      progress.fail(trans.__('Open the notebook of this job first: its kernel takes the value.'));
      return;
    }
    try {
      const value = await service.bringValue(task.id, { name, load });
      const notes = await bind([value]);
      if (notes.length > 0) {
        progress.fail(notes.join(' '));
      } else {
        progress.end(trans.__('“%1” is in the kernel now.', name));
      }
    } catch (error) {
      const { message, hint } = toProblem(error);
      progress.fail(`${message} ${hint}`);
    }
  }
}

function loadQuestion(
  { target }: Pick<Task, 'target'>,
  { name, type }: Pick<HomeVariable, 'name' | 'type'>,
  trans: TranslationBundle
): Confirmation {
  return {
    title: trans.__('Load “%1”?', name),
    body: trans.__(
      'This value (%1) came as a pickle. Loading a pickle can run any code on this computer, as you. Load it if you trust what ran on %2 and everyone who can write into your folders there.',
      type,
      target
    ),
    accept: trans.__('Load'),
    cancel: trans.__('Do not load')
  };
}
