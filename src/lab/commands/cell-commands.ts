import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { stopIcon } from '@jupyterlab/ui-components';
import type { CellRun } from '../cell/cell-run';
import { CommandIDs } from '../command-ids';
import { sluiceIcon } from '../icons';
import { targetOfCell } from '../notebook/cell-request';
import type { ICellRuns } from '../notebook/cell-runs';
import { type ITaskStore, toProblem } from '../tasks/task-store';
import { activePlace, type CellPlaceOnPage } from './active-place';
import { NO_ARGUMENTS } from './command-arguments';

type CellCommandsOptions = {
  app: JupyterFrontEnd;
  tracker: INotebookTracker;
  runs: ICellRuns;
  store: ITaskStore;
  trans: TranslationBundle;
};

/** The commands that run the active cell, or end that. */
export class CellCommands {
  constructor(private readonly _options: CellCommandsOptions) {}

  /** Add them to the application and keep their state fresh. */
  register(): void {
    const { app, runs, store, tracker } = this._options;
    this._addRun();
    this._addCancel();
    this._addButton();
    const notify = (): void => {
      app.commands.notifyCommandChanged(CommandIDs.cellButton);
      app.commands.notifyCommandChanged(CommandIDs.runCell);
      app.commands.notifyCommandChanged(CommandIDs.cancelCell);
    };
    runs.changed.connect(notify);
    tracker.activeCellChanged.connect(notify);
    store.changed.connect((_, { task }) => {
      if (task === null) {
        notify();
      }
    });
  }

  /** Whether the active cell's task is live, so that its button cancels. */
  get isActiveLive(): boolean {
    return this._activeRun()?.isLive === true;
  }

  /** What the button of the active cell does. */
  get buttonWords(): string {
    const { trans } = this._options;
    const target = this._target() ?? '…';
    return this.isActiveLive
      ? trans.__('Cancel on Slurm: %1', target)
      : trans.__('Run on Slurm: %1', target);
  }

  private _addRun(): void {
    const { app, trans } = this._options;
    app.commands.addCommand(CommandIDs.runCell, {
      label: trans.__('Run on Slurm'),
      caption: trans.__('Run the active cell as a job and show its outputs here'),
      icon: sluiceIcon,
      describedBy: NO_ARGUMENTS,
      isEnabled: () => this._place() !== null,
      execute: () => this._run()
    });
  }

  private _addCancel(): void {
    const { app, trans } = this._options;
    app.commands.addCommand(CommandIDs.cancelCell, {
      label: trans.__('Cancel on Slurm'),
      caption: trans.__('Cancel the job of the active cell'),
      icon: stopIcon,
      describedBy: NO_ARGUMENTS,
      isEnabled: () => this._activeRun()?.isLive === true,
      execute: () => this._cancel()
    });
  }

  private _addButton(): void {
    const { app } = this._options;
    app.commands.addCommand(CommandIDs.cellButton, {
      // The toolbar takes the caption as the button's name where there is no label to show.
      label: args => (args['toolbar'] === true ? '' : this.buttonWords),
      caption: () => this.buttonWords,
      icon: () => (this.isActiveLive ? stopIcon : sluiceIcon),
      describedBy: {
        args: {
          type: 'object',
          properties: { toolbar: { type: 'boolean', description: 'Show the icon only' } }
        }
      },
      isVisible: () => this._place() !== null,
      execute: () => (this.isActiveLive ? this._cancel() : this._run())
    });
  }

  private async _run(): Promise<void> {
    const place = this._place();
    if (!place) {
      return;
    }
    const run = this._activeRun();
    if (run?.isLive && !(await this._replace(run))) {
      return;
    }
    await this._tellCancelFailure(() => this._options.runs.run(place.panel, place.cell));
  }

  /** A live cell is run again only after the person agreed to give up its job. */
  private async _replace(run: CellRun): Promise<boolean> {
    const { trans } = this._options;
    const { button } = await showDialog({
      title: trans.__('This cell is still at work'),
      body: trans.__('Running it again cancels its job and replaces its outputs.'),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Keep it') }),
        Dialog.warnButton({ label: trans.__('Cancel the job and run again') })
      ]
    });
    return button.accept && (await this._tellCancelFailure(() => run.cancel()));
  }

  private async _cancel(): Promise<void> {
    const run = this._activeRun();
    if (run) {
      await this._tellCancelFailure(() => run.cancel());
    }
  }

  /** Do what can fail only by a cancel that cannot be passed on; whether it worked. */
  private async _tellCancelFailure(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      const { message, hint } = toProblem(error);
      const title = this._options.trans.__('The cell could not be canceled');
      await showErrorMessage(title, `${message} ${hint}`);
      return false;
    }
  }

  /** The target that a run would take, or the one that the live task has. */
  private _target(): string | null {
    const place = this._place();
    const run = this._activeRun();
    if (run?.isLive && run.task) {
      return run.task.target;
    }
    const named = place && targetOfCell(place.panel, place.cell.model);
    return named ?? this._options.store.targets?.default ?? null;
  }

  private _activeRun(): CellRun | undefined {
    const place = this._place();
    return place ? this._options.runs.find(place.panel, place.cell.model) : undefined;
  }

  private _place(): CellPlaceOnPage | null {
    return activePlace(this._options.tracker);
  }
}
