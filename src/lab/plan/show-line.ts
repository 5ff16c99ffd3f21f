import type { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';

/** Make a cell the active one, also when its widget was made anew since; false: it is gone. */
export function selectCell({ content }: NotebookPanel, cell: CodeCell): boolean {
  const index = content.widgets.findIndex(one => one.model.id === cell.model.id);
  if (index >= 0) {
    content.activeCellIndex = index;
  }
  return index >= 0;
}

/** Go to a line of a cell, counted from 1, and put the cursor there. */
export async function showLine(panel: NotebookPanel, cell: CodeCell, line: number): Promise<void> {
  const { content } = panel;
  if (!selectCell(panel, cell)) {
    return;
  }
  await content.scrollToItem(content.activeCellIndex, 'smart');
  const shown = content.activeCell;
  await shown?.ready;
  content.mode = 'edit';
  shown?.editor?.setCursorPosition({ line: line - 1, column: 0 });
  shown?.editor?.focus();
}
