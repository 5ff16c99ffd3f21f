import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { confirm } from '../ask/confirm';
import { CommandIDs } from '../command-ids';
import { CurrentTask } from '../commands/current-task';
import { addDecisionCommands, CHOICE_COMMANDS } from '../commands/decision-commands';
import { ICellRuns } from '../notebook/cell-runs';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { TaskDecisions } from '../tasks/task-decisions';
import { ITaskStore } from '../tasks/task-store';
import { tellProblem } from '../tell-problem';

/** Commands that decide about tasks: what becomes of unknown ones, and to cancel many. */
export const decisionsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:decisions',
  description: 'Decides about Slurm jobs that are unknown, and cancels many.',
  autoStart: true,
  requires: [ISluiceService, ITaskStore],
  optional: [INotebookTracker, ICellRuns, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    service: ISluiceService,
    store: ITaskStore,
    tracker: INotebookTracker | null,
    runs: ICellRuns | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const decisions = new TaskDecisions({ service, store, trans, confirm, tell: tellProblem });
    const current = new CurrentTask({ store, tracker, runs, trans });
    addDecisionCommands({ app, store, decisions, current, trans });
    const category = trans.__('Slurm');
    for (const command of [...Object.values(CHOICE_COMMANDS), CommandIDs.cancelAll]) {
      palette?.addItem({ command, category });
    }
  }
};
