import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { showErrorMessage } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { askByDialogs } from '../ask/dialogs';
import type { CellRun } from '../cell/cell-run';
import type { CellLineActions } from '../cell/cell-line';
import { outputTexts } from '../outputs/output-words';
import { sha256Hex } from '../cell/sha256';
import { browserClock } from '../clock';
import { CommandIDs } from '../command-ids';
import { loginArguments } from '../commands/command-arguments';
import { CHOICE_COMMANDS } from '../commands/decision-commands';
import { restoreVariables } from '../kernel/restore-variables';
import { ILogins } from '../login/logins';
import { CellRuns, ICellRuns } from '../notebook/cell-runs';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { ISluiceSettings } from '../settings';
import { ITaskStore, toProblem } from '../tasks/task-store';

/** Provides the runs of cells: their lines, their outputs, what is taken up after a reload. */
export const cellsPlugin: JupyterFrontEndPlugin<ICellRuns> = {
  id: 'jupyterlab-sluice:cells',
  description: 'Runs of notebook cells on Slurm.',
  autoStart: true,
  provides: ICellRuns,
  requires: [INotebookTracker, ISluiceService, ITaskStore, ILogins, ISluiceSettings],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    service: ISluiceService,
    store: ITaskStore,
    logins: ILogins,
    settings: ISluiceSettings,
    translator: ITranslator | null
  ): ICellRuns => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const clock = browserClock;
    return new CellRuns({
      tracker,
      trans,
      around: {
        service,
        store,
        logins,
        clock,
        texts: outputTexts(trans),
        shown: () => ({ characters: settings.shownCharacters, lines: settings.shownLines }),
        trustOf: name =>
          store.targets?.targets.find(target => target.name === name)?.trust ?? 'none',
        hash: sha256Hex
      },
      restore: (panel, task) =>
        restoreVariables(
          service,
          panel.isDisposed ? null : panel.sessionContext,
          task,
          clock,
          trans
        ),
      actionsOf: run => lineActions(app, run, trans),
      waysOn: askByDialogs(trans)
    });
  }
};

function lineActions(
  app: JupyterFrontEnd,
  run: CellRun,
  trans: TranslationBundle
): CellLineActions {
  return {
    cancel: () => {
      run.cancel().catch((error: unknown) => {
        const { message, hint } = toProblem(error);
        void showErrorMessage(trans.__('The cell could not be canceled'), `${message} ${hint}`);
      });
    },
    openLog: () => void app.commands.execute(CommandIDs.openLog, { task: run.task?.id ?? '' }),
    openFiles: () => void app.commands.execute(CommandIDs.openFiles, { task: run.task?.id ?? '' }),
    decide: choice =>
      void app.commands.execute(CHOICE_COMMANDS[choice], { task: run.task?.id ?? '' }),
    bring: name =>
      void app.commands.execute(CommandIDs.bringValue, { task: run.task?.id ?? '', name }),
    logIn: () => void app.commands.execute(CommandIDs.logIn, loginArguments(run.task)),
    dismiss: () => run.dismiss()
  };
}
