import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { HomeVariable, Task } from '../../shared/wire/task';
import { choose } from '../ask/choose';
import { confirm } from '../ask/confirm';
import { browserClock } from '../clock';
import { CommandIDs } from '../command-ids';
import { nameArgument, VALUE_ARGUMENTS } from '../commands/command-arguments';
import { CurrentTask } from '../commands/current-task';
import { bindVariables } from '../kernel/restore-variables';
import { ICellRuns } from '../notebook/cell-runs';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { showProgress } from '../show-progress';
import { ITaskStore } from '../tasks/task-store';
import { ValueBringer } from '../tasks/value-bringer';
import { keptWords } from '../words/kept-words';

/** The command that brings a value which was kept into the kernel. */
export const valuesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:values',
  description: 'Brings values of Slurm jobs that were kept.',
  autoStart: true,
  requires: [ISluiceService, ITaskStore, INotebookTracker],
  optional: [ICellRuns, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    service: ISluiceService,
    store: ITaskStore,
    tracker: INotebookTracker,
    runs: ICellRuns | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const current = new CurrentTask({ store, tracker, runs, trans });
    const kernelOf = (task: Task) => {
      const path = task.origin?.notebookPath;
      const panel = tracker.find(one => one.context.localPath === path) ?? tracker.currentWidget;
      return (
        panel &&
        ((variables: readonly HomeVariable[]) =>
          bindVariables(service, panel.sessionContext, task, variables, browserClock, trans))
      );
    };
    const bringer = new ValueBringer({ service, trans, confirm, begin: showProgress, kernelOf });
    const suits = (task: Task): boolean => task.variables.some(({ kept }) => kept != null);
    app.commands.addCommand(CommandIDs.bringValue, {
      label: trans.__('Bring a value of a Slurm job…'),
      caption: trans.__('Fetch a large value, or load one that came as a pickle'),
      describedBy: VALUE_ARGUMENTS,
      isEnabled: args => current.isThere(args, suits),
      execute: async args => {
        const task = await current.find(args, suits, trans.__('Bring a value'));
        const variable = task && (await chooseValue(task, nameArgument(args), trans));
        if (variable) {
          await bringer.bring(task, variable);
        }
      }
    });
    store.changed.connect(() => app.commands.notifyCommandChanged(CommandIDs.bringValue));
    palette?.addItem({ command: CommandIDs.bringValue, category: trans.__('Slurm') });
  }
};

async function chooseValue(
  task: Task,
  name: string | null,
  trans: TranslationBundle
): Promise<HomeVariable | null> {
  const kept = task.variables.filter(variable => variable.kept != null);
  const named = kept.find(variable => variable.name === name);
  if (named || kept.length === 1) {
    return named ?? kept[0] ?? null;
  }
  return choose({
    title: trans.__('Bring a value'),
    words: trans.__('Which value?'),
    options: kept.map(variable => ({
      value: variable,
      label: `${variable.name} ${keptWords(variable, task.target, trans)}`
    })),
    accept: trans.__('Bring'),
    cancel: trans.__('Cancel')
  });
}
