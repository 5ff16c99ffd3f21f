import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CellCommands } from '../commands/cell-commands';
import { CommandIDs } from '../command-ids';
import { ICellRuns } from '../notebook/cell-runs';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { ITaskStore } from '../tasks/task-store';

/** Commands on the active cell: run, dry run, cancel, and the button of the cell toolbar. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:commands',
  description: 'Commands that run the active cell on Slurm.',
  autoStart: true,
  requires: [INotebookTracker, ICellRuns, ITaskStore, ISluiceService],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    runs: ICellRuns,
    store: ITaskStore,
    service: ISluiceService,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    new CellCommands({ app, tracker, runs, store, service, trans }).register();
    const category = trans.__('Slurm');
    for (const command of [CommandIDs.runCell, CommandIDs.dryRunCell, CommandIDs.cancelCell]) {
      palette?.addItem({ command, category });
    }
  }
};
