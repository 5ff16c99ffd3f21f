import type { TranslationBundle } from '@jupyterlab/translation';
import { type Problem, SluiceError } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { Choice, Task } from '../../shared/wire/task';
import type { Confirmation } from '../ask/confirm';
import { cancelQuestion, decisionQuestion } from '../ask/decision-questions';
import type { ISluiceService } from '../service';
import { type ITaskStore, toProblem } from './task-store';

export type TaskDecisionsOptions = {
  service: ISluiceService;
  store: ITaskStore;
  trans: TranslationBundle;
  confirm(question: Confirmation): Promise<boolean>;
  /** Tell the person what could not be done. */
  tell(title: string, problem: Problem): Promise<void>;
};

/** Carries out what a person decides about tasks, after asking where that cannot be undone. */
export class TaskDecisions {
  constructor(private readonly _options: TaskDecisionsOptions) {}

  /** Look, give up or run again. */
  async decide(task: Task, choice: Choice): Promise<void> {
    const { service, store, trans, confirm } = this._options;
    const question = decisionQuestion(task, choice, trans);
    if (question && !(await confirm(question))) {
      return;
    }
    try {
      store.put(await service.resolve(task.id, choice));
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'resolve-unneeded') {
        // It became known meanwhile: what it is says more than that error.
        await store.refresh();
        return;
      }
      await this._tell(titleOf(choice, trans), error);
    }
  }

  /** Cancel these tasks, those of them that have not ended; whether the person agreed. */
  async cancelTasks(ids: readonly string[]): Promise<boolean> {
    const { store } = this._options;
    const live = ids.filter(id => {
      const task = store.get(id);
      return task !== undefined && !isTerminal(task.phase);
    });
    return this._cancel(live.length, live);
  }

  /** Cancel every task that has not ended, also those that this page does not know. */
  async cancelAll(): Promise<boolean> {
    const live = this._options.store.tasks.filter(({ phase }) => !isTerminal(phase));
    return this._cancel(live.length, null);
  }

  private async _cancel(count: number, ids: readonly string[] | null): Promise<boolean> {
    const { service, store, trans, confirm } = this._options;
    if (count === 0 || !(await confirm(cancelQuestion(count, trans)))) {
      return false;
    }
    try {
      (await service.cancelMany(ids)).forEach(task => store.put(task));
    } catch (error) {
      await this._tell(trans.__('The jobs could not be canceled'), error);
    }
    return true;
  }

  private async _tell(title: string, error: unknown): Promise<void> {
    await this._options.tell(title, toProblem(error));
  }
}

function titleOf(choice: Choice, trans: TranslationBundle): string {
  switch (choice) {
    case 'look':
      return trans.__('Sluice could not look after the job');
    case 'give-up':
      return trans.__('The job could not be given up');
    case 'run-again':
      return trans.__('The job could not be run again');
  }
}
