import type { JupyterFrontEnd } from '@jupyterlab/application';
import { showErrorMessage } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { choose } from '../ask/choose';
import { targetQuestion } from '../ask/target-question';
import { isMagicCell } from '../cell/task-of-cell';
import { CommandIDs } from '../command-ids';
import { setCellTarget, targetChoice } from '../notebook/cell-target';
import type { IWorkPlace } from '../notebook/work-place';
import { freshTargets } from '../tasks/fresh-targets';
import type { ITaskStore } from '../tasks/task-store';
import { activePlace, type CellPlaceOnPage } from './active-place';
import { TARGET_ARGUMENTS, targetArgument } from './command-arguments';

type TargetCommandOptions = {
  app: JupyterFrontEnd;
  tracker: INotebookTracker;
  store: ITaskStore;
  place: IWorkPlace;
  trans: TranslationBundle;
};

/** Add the command that says on which target the active cell runs. */
export function addTargetCommand(options: TargetCommandOptions): void {
  const { app, tracker, trans } = options;
  app.commands.addCommand(CommandIDs.chooseTarget, {
    label: trans.__('Choose target…'),
    caption: trans.__('Choose where the active cell runs; it is kept with the cell'),
    describedBy: TARGET_ARGUMENTS,
    isEnabled: () => activePlace(tracker) !== null,
    execute: async args => {
      const place = activePlace(tracker);
      if (!place) {
        return;
      }
      if (isMagicCell(place.cell.model.sharedModel.getSource())) {
        const hint = trans.__('Write the target behind %%slurm in its first line.');
        await showErrorMessage(trans.__('This cell names its target itself'), hint);
        return;
      }
      const named = targetArgument(args);
      const answer = named === null ? await ask(options, place) : { target: named };
      if (answer && !place.cell.isDisposed) {
        setCellTarget(place.cell.model, answer.target);
        app.commands.notifyCommandChanged(CommandIDs.cellButton);
      }
    }
  });
}

async function ask(
  { store, place, trans }: TargetCommandOptions,
  { panel, cell }: CellPlaceOnPage
): Promise<{ target: string | null } | null> {
  const targets = await freshTargets(store, place.projectDir(panel.context.localPath), trans);
  return targets && choose(targetQuestion(targets, targetChoice(panel, cell.model), trans));
}
