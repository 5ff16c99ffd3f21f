import type { ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { Targets } from '../../shared/wire/service';
import { deleteRecord, writeRecord } from './cell-record';
import { writeSilently } from './write-silently';

export type Trust = Targets['targets'][number]['trust'];

/** Empty the cell and mark its prompt, as a local run does. */
export function markAccepted(model: ICodeCellModel): void {
  writeSilently(model, () => {
    model.clearExecution();
    deleteRecord(model);
  });
  markRunning(model);
}

/** The task exists: remember it with the (empty) outputs, shown with the trust its target has. */
export function markSubmitted(model: ICodeCellModel, task: string, trust: Trust): void {
  writeSilently(model, () => writeRecord(model, { task, index: 0 }));
  if (trust === 'none') {
    markUntrusted(model);
  } else {
    model.trusted = true;
  }
}

/** Let nothing of the cell's outputs act in the page. */
export function markUntrusted(model: ICodeCellModel): void {
  model.trusted = false;
  // The model notes trust in the metadata but never takes it back, and the server signs by that.
  model.sharedModel.setMetadata('trusted', false);
}

/** Mark the prompt: the cell is at work. */
export function markRunning(model: ICodeCellModel): void {
  model.executionState = 'running';
}

/** Clear the mark; a cell that ran gets a number, one that never ran none. */
export function markEnded(model: ICodeCellModel, executionCount: number | null): void {
  model.executionState = 'idle';
  if (executionCount !== null) {
    model.executionCount = executionCount;
  }
}

/**
 * The number for a cell that ran elsewhere: one more than any in the notebook. The kernel did not
 * count it, but a number in the order of running is what a reader expects at the prompt.
 */
export function nextExecutionCount(notebook: INotebookModel): number {
  let highest = 0;
  for (const cell of notebook.cells) {
    if (cell.type === 'code') {
      highest = Math.max(highest, (cell as ICodeCellModel).executionCount ?? 0);
    }
  }
  return highest + 1;
}
