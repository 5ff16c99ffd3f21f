import type { ICodeCellModel } from '@jupyterlab/cells';

/**
 * Change outputs and metadata as one step that no undo takes back.
 *
 * The origin has to be `silent-change` for the whole transaction: with another one the shared model
 * would report the outputs back to the cell after the transaction, which adds them a second time.
 * The notebook's own `transact` is taken because a cell's drops the origin when undo is document-wide.
 */
export function writeSilently(model: ICodeCellModel, change: () => void): void {
  const { sharedModel } = model;
  (sharedModel.notebook ?? sharedModel).transact(change, false, 'silent-change');
}
