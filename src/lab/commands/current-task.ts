import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Task } from '../../shared/wire/task';
import { choose } from '../ask/choose';
import type { ICellRuns } from '../notebook/cell-runs';
import type { ITaskStore } from '../tasks/task-store';
import { stateWord } from '../words/task-look';
import { activePlace } from './active-place';
import { taskArgument } from './command-arguments';

export type CurrentTaskOptions = {
  store: ITaskStore;
  /** A page without notebooks has neither. */
  tracker: INotebookTracker | null;
  runs: ICellRuns | null;
  trans: TranslationBundle;
};

type Arguments = Readonly<Record<string, unknown>>;

/** Which task a command is about: the one it is told, that of the active cell, or one of a list. */
export class CurrentTask {
  constructor(private readonly _options: CurrentTaskOptions) {}

  /** Whether there is a task for a command that suits only some. */
  isThere(args: Arguments, suits: (task: Task) => boolean): boolean {
    const named = this._named(args);
    return named === null ? this._options.store.tasks.some(suits) : suits(named);
  }

  /** The task, asking where several would do; null: none. */
  async find(args: Arguments, suits: (task: Task) => boolean, title: string): Promise<Task | null> {
    const named = this._named(args) ?? this._ofActiveCell();
    if (named && suits(named)) {
      return named;
    }
    return taskArgument(args) === ''
      ? this._ask(this._options.store.tasks.filter(suits), title)
      : null;
  }

  private _named(args: Arguments): Task | null {
    return this._options.store.get(taskArgument(args)) ?? null;
  }

  private _ofActiveCell(): Task | null {
    const { tracker, runs } = this._options;
    const place = tracker && activePlace(tracker);
    return (place && runs?.find(place.panel, place.cell.model)?.task) ?? null;
  }

  private async _ask(tasks: readonly Task[], title: string): Promise<Task | null> {
    const { trans } = this._options;
    const [only] = tasks;
    if (only === undefined || tasks.length === 1) {
      return only ?? null;
    }
    return choose({
      title,
      words: trans.__('Which job?'),
      options: tasks.map(task => ({
        value: task,
        label: `${task.title} · ${task.target} · ${stateWord(task, trans)}`
      })),
      accept: trans.__('Choose'),
      cancel: trans.__('Cancel')
    });
  }
}
