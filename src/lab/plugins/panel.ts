import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, showErrorMessage } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../command-ids';
import {
  loginArguments,
  NO_ARGUMENTS,
  TASK_ARGUMENTS,
  taskArgument
} from '../commands/command-arguments';
import { CHOICE_COMMANDS } from '../commands/decision-commands';
import { sluiceIcon } from '../icons';
import { ILogins } from '../login/logins';
import { JobsPanel } from '../monitor/jobs-panel';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { ITaskStore, toProblem } from '../tasks/task-store';

/** The side panel “Slurm jobs” and the commands about a task. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:panel',
  description: 'Side panel with the Slurm jobs.',
  autoStart: true,
  requires: [ITaskStore, ISluiceService, ILogins],
  optional: [ILayoutRestorer, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    store: ITaskStore,
    service: ISluiceService,
    logins: ILogins,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const { commands } = app;
    const panel = new JobsPanel(
      store,
      service.stream,
      logins,
      {
        cancel: task => void commands.execute(CommandIDs.cancelTask, { task: task.id }),
        openLog: task => void commands.execute(CommandIDs.openLog, { task: task.id }),
        goToCell: task => void commands.execute(CommandIDs.goToCell, { task: task.id }),
        openFiles: task => void commands.execute(CommandIDs.openFiles, { task: task.id }),
        logIn: task => void commands.execute(CommandIDs.logIn, loginArguments(task)),
        decide: (task, choice) => void commands.execute(CHOICE_COMMANDS[choice], { task: task.id }),
        bring: (task, name) =>
          void commands.execute(CommandIDs.bringValue, { task: task.id, name }),
        cancelTasks: async ids => {
          const isDone: unknown = await commands.execute(CommandIDs.cancelTasks, {
            tasks: [...ids]
          });
          return isDone === true;
        },
        cancelAll: () => void commands.execute(CommandIDs.cancelAll),
        findJobs: () => void commands.execute(CommandIDs.findJobs)
      },
      trans
    );
    commands.addCommand(CommandIDs.openPanel, {
      label: trans.__('Slurm jobs'),
      caption: trans.__('Show the panel with your Slurm jobs'),
      icon: sluiceIcon,
      describedBy: NO_ARGUMENTS,
      execute: () => app.shell.activateById(panel.id)
    });
    commands.addCommand(CommandIDs.cancelTask, {
      label: trans.__('Cancel a Slurm job'),
      describedBy: TASK_ARGUMENTS,
      execute: async args => {
        try {
          store.put(await service.cancel(taskArgument(args)));
        } catch (error) {
          const { message, hint } = toProblem(error);
          await showErrorMessage(trans.__('The job could not be canceled'), `${message} ${hint}`);
        }
      }
    });
    app.shell.add(panel, 'right', { rank: 1000, type: 'Slurm jobs' });
    restorer?.add(panel, panel.id);
    palette?.addItem({ command: CommandIDs.openPanel, category: trans.__('Slurm') });
  }
};
