import { CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

/** A code cell in one view of its notebook. */
export type CellPlaceOnPage = { panel: NotebookPanel; cell: CodeCell };

/** The active code cell; null when the active cell is of another kind, or no notebook is in front. */
export function activePlace(tracker: INotebookTracker): CellPlaceOnPage | null {
  const { currentWidget: panel, activeCell: cell } = tracker;
  return panel && cell instanceof CodeCell ? { panel, cell } : null;
}
