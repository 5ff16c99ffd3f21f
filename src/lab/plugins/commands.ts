import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { browserClock } from '../clock';
import { addCellButtons } from '../commands/add-cell-buttons';
import { CellCommands } from '../commands/cell-commands';
import { addPlanCommands } from '../commands/plan-commands';
import { addTargetCommand } from '../commands/target-command';
import { CommandIDs } from '../command-ids';
import { ICellRuns } from '../notebook/cell-runs';
import { WarmCaptures } from '../notebook/warm-captures';
import { workPlaceOf } from '../notebook/work-place';
import { Plans } from '../plan/plans';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { ISluiceSettings } from '../settings';
import { ITaskStore } from '../tasks/task-store';

/** Commands on the active cell: run, dry run, rehearse, cancel, and the buttons of its toolbar. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:commands',
  description: 'Commands that run the active cell on Slurm.',
  autoStart: true,
  requires: [INotebookTracker, ICellRuns, ITaskStore, ISluiceService, ISluiceSettings],
  optional: [ICommandPalette, IToolbarWidgetRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    runs: ICellRuns,
    store: ITaskStore,
    service: ISluiceService,
    settings: ISluiceSettings,
    palette: ICommandPalette | null,
    toolbars: IToolbarWidgetRegistry | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const clock = browserClock;
    const cellCommands = new CellCommands({ app, tracker, runs, store, trans });
    cellCommands.register();
    const plans = new Plans({ app, service, store, clock, trans });
    addPlanCommands({ app, tracker, plans, trans });
    addTargetCommand({ app, tracker, store, place: workPlaceOf(tracker, clock), trans });
    const warm = new WarmCaptures({ tracker, service, settings, clock });
    addCellButtons({ app, tracker, cellCommands, warm, toolbars, trans });
    const category = trans.__('Slurm');
    for (const command of [
      CommandIDs.runCell,
      CommandIDs.dryRunCell,
      CommandIDs.rehearseCell,
      CommandIDs.rehearseCellThere,
      CommandIDs.chooseTarget,
      CommandIDs.cancelCell
    ]) {
      palette?.addItem({ command, category });
    }
  }
};
