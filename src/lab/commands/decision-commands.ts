import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isTerminal } from '../../shared/phases';
import type { Choice, Task } from '../../shared/wire/task';
import { CommandIDs } from '../command-ids';
import type { TaskDecisions } from '../tasks/task-decisions';
import type { ITaskStore } from '../tasks/task-store';
import { choiceName, choiceWords } from '../words/choice-words';
import { NO_ARGUMENTS, OPTIONAL_TASK_ARGUMENTS, TASKS_ARGUMENTS } from './command-arguments';
import type { CurrentTask } from './current-task';

type DecisionCommandsOptions = {
  app: JupyterFrontEnd;
  store: ITaskStore;
  decisions: TaskDecisions;
  current: CurrentTask;
  trans: TranslationBundle;
};

/** The command that carries out each choice. */
export const CHOICE_COMMANDS: Readonly<Record<Choice, string>> = {
  look: CommandIDs.lookNow,
  'give-up': CommandIDs.giveUp,
  'run-again': CommandIDs.runAgain
};

/** Add the commands that decide about tasks: about one that is unknown, and to cancel many. */
export function addDecisionCommands(options: DecisionCommandsOptions): void {
  const { app, store, decisions, trans } = options;
  for (const choice of ['look', 'give-up', 'run-again'] as const) {
    addChoice(options, choice);
  }
  const isAnyLive = (): boolean => store.tasks.some(({ phase }) => !isTerminal(phase));
  app.commands.addCommand(CommandIDs.cancelTasks, {
    label: trans.__('Cancel several Slurm jobs…'),
    describedBy: TASKS_ARGUMENTS,
    execute: args => {
      const { tasks } = args;
      return decisions.cancelTasks(Array.isArray(tasks) ? tasks.map(String) : []);
    }
  });
  app.commands.addCommand(CommandIDs.cancelAll, {
    label: trans.__('Cancel all Slurm jobs…'),
    caption: trans.__('Cancel every job of yours that Sluice knows and that has not ended'),
    describedBy: NO_ARGUMENTS,
    isEnabled: isAnyLive,
    execute: () => decisions.cancelAll()
  });
  store.changed.connect(() => {
    for (const command of [...Object.values(CHOICE_COMMANDS), CommandIDs.cancelAll]) {
      app.commands.notifyCommandChanged(command);
    }
  });
}

function addChoice(
  { app, decisions, current, trans }: DecisionCommandsOptions,
  choice: Choice
): void {
  const suits = (task: Task): boolean => task.choices.includes(choice);
  const words = choiceWords(choice, trans);
  app.commands.addCommand(CHOICE_COMMANDS[choice], {
    label: trans.__('Unknown Slurm job: %1', words),
    caption: choiceName(choice, trans),
    describedBy: OPTIONAL_TASK_ARGUMENTS,
    isEnabled: args => current.isThere(args, suits),
    execute: async args => {
      const task = await current.find(args, suits, words);
      if (task) {
        await decisions.decide(task, choice);
      }
    }
  });
}
