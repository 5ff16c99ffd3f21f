import type { Cell, CodeCell, ICellModel } from '@jupyterlab/cells';
import {
  type INotebookTracker,
  type Notebook,
  NotebookActions,
  type NotebookPanel
} from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Task } from '../../shared/wire/task';
import type { CellLineActions } from '../cell/cell-line';
import type { CellRun } from '../cell/cell-run';
import type { RunSurroundings } from '../cell/run-surroundings';
import { isMagicCell } from '../cell/task-of-cell';
import { NotebookRuns } from './notebook-runs';
import { PanelLines } from './panel-lines';
import { runCell } from './run-cell';
import type { IWaysOn } from './ways-on';

/** The cells of all open notebooks, as far as Sluice has to do with them. */
export interface ICellRuns {
  /** Emitted when a run changed in any notebook. */
  readonly changed: ISignal<ICellRuns, void>;
  /** The run of a cell, if it has one. */
  find(panel: NotebookPanel, model: ICellModel): CellRun | undefined;
  /** Run a code cell on its target. */
  run(panel: NotebookPanel, cell: CodeCell): Promise<void>;
}

/** The cells' runs, as the other plugins require them. */
export const ICellRuns = new Token<ICellRuns>(
  'jupyterlab-sluice:ICellRuns',
  'Runs of notebook cells on Slurm.'
);

export type CellRunsOptions = {
  tracker: INotebookTracker;
  trans: TranslationBundle;
  /** What a run needs, except for the kernel, which is the notebook's own. */
  around: Omit<RunSurroundings, 'restore'>;
  restore(panel: NotebookPanel, task: Task): Promise<readonly string[]>;
  actionsOf(run: CellRun): CellLineActions;
  waysOn: IWaysOn;
};

/** Watches the open notebooks and gives each document its runs and each view its lines. */
export class CellRuns implements ICellRuns {
  constructor(private readonly _options: CellRunsOptions) {
    const { tracker } = _options;
    tracker.forEach(panel => this._watch(panel));
    tracker.widgetAdded.connect((_, panel) => this._watch(panel));
    NotebookActions.executionScheduled.connect(this._onExecutionScheduled, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  find(panel: NotebookPanel, model: ICellModel): CellRun | undefined {
    return this._documents.get(panel.context)?.get(model);
  }

  async run(panel: NotebookPanel, cell: CodeCell): Promise<void> {
    if (isMagicCell(cell.model.sharedModel.getSource())) {
      // Its own line says where it runs and with what; the kernel does that, here as anywhere.
      await NotebookActions.runCells(panel.content, [cell], panel.sessionContext);
      return;
    }
    const { around, waysOn } = this._options;
    const run = this._watch(panel).ensure(cell.model);
    const { service, clock } = around;
    await runCell({ service, clock, panel, run, waysOn });
  }

  private _watch(panel: NotebookPanel): NotebookRuns {
    let runs = this._documents.get(panel.context);
    if (!runs) {
      runs = this._open(panel);
    }
    if (!this._panels.has(panel)) {
      this._panels.add(panel);
      panel.disposed.connect(() => this._panels.delete(panel));
      const { trans, actionsOf, around } = this._options;
      new PanelLines(panel, runs, { trans, actionsOf, ticker: around.store.ticker });
    }
    return runs;
  }

  private _open(panel: NotebookPanel): NotebookRuns {
    const { around, restore, tracker } = this._options;
    const { context } = panel;
    const runs = new NotebookRuns(context, {
      ...around,
      restore: task => {
        // The view that opened the document may be gone while another one shows it.
        const view = tracker.find(one => one.context === context) ?? panel;
        return restore(view, task);
      }
    });
    this._documents.set(context, runs);
    runs.changed.connect(() => this._changed.emit(undefined));
    around.store.start();
    return runs;
  }

  private _onExecutionScheduled(_: unknown, args: { notebook: Notebook; cell: Cell }): void {
    for (const panel of this._panels) {
      if (panel.content.model === args.notebook.model) {
        this.find(panel, args.cell.model)?.supersede();
      }
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _documents = new WeakMap<NotebookPanel['context'], NotebookRuns>();
  private readonly _panels = new Set<NotebookPanel>();
}
