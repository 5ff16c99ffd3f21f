import { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PanelLayout } from '@lumino/widgets';
import { CellLine, type CellLineActions } from '../cell/cell-line';
import type { CellRun } from '../cell/cell-run';
import { lineContent } from '../cell/line-content';
import type { Ticker } from '../tasks/ticker';
import type { NotebookRuns } from './notebook-runs';

const OUTPUT_WRAPPER_CLASS = 'jp-Cell-outputWrapper';

/** Puts the line of each run into the cells of one view of a notebook. */
export class PanelLines {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _runs: NotebookRuns,
    private readonly _options: {
      trans: TranslationBundle;
      ticker: Ticker;
      actionsOf(run: CellRun): CellLineActions;
    }
  ) {
    _runs.changed.connect(this._onRunChanged, this);
    // Widgets are made anew when a cell moves or the notebook is loaded again.
    _panel.content.modelContentChanged.connect(this._showAll, this);
    _panel.disposed.connect(() => {
      _runs.changed.disconnect(this._onRunChanged, this);
    });
    void _panel.context.ready.then(() => this._showAll());
  }

  private _showAll(): void {
    for (const run of this._runs.runs) {
      this._onRunChanged(this._runs, run);
    }
  }

  private _onRunChanged(_: NotebookRuns, run: CellRun): void {
    const cell = this._panel.content.widgets.find(widget => widget.model === run.model);
    if (!(cell instanceof CodeCell)) {
      return;
    }
    const content = lineContent(run.line, this._options.trans);
    const known = this._lines.get(cell);
    if (known) {
      known.setContent(content);
    } else if (content && !this._pending.has(cell)) {
      this._pending.add(cell);
      // A cell off screen is built when it is first shown; its line comes with it.
      void cell.ready.then(() => this._attach(cell, run));
    }
  }

  private _attach(cell: CodeCell, run: CellRun): void {
    this._pending.delete(cell);
    if (cell.isDisposed || run.isDisposed) {
      return;
    }
    const { trans, ticker, actionsOf } = this._options;
    const line = new CellLine(trans, ticker, actionsOf(run));
    const layout = cell.layout as PanelLayout;
    const outputs = layout.widgets.findIndex(widget => widget.hasClass(OUTPUT_WRAPPER_CLASS));
    layout.insertWidget(outputs < 0 ? layout.widgets.length : outputs, line);
    this._lines.set(cell, line);
    line.setContent(lineContent(run.line, trans));
  }

  private readonly _lines = new WeakMap<CodeCell, CellLine>();
  private readonly _pending = new WeakSet<CodeCell>();
}
