import { CodeCellModel, type ICodeCellModel } from '@jupyterlab/cells';
import { NotebookModel } from '@jupyterlab/notebook';

/** A notebook as JupyterLab makes it by default (undo for each cell of its own). */
export function makeNotebook(...sources: string[]): NotebookModel {
  const notebook = new NotebookModel({ disableDocumentWideUndoRedo: true });
  sources.forEach((source, index) => {
    notebook.sharedModel.insertCell(index, {
      cell_type: 'code',
      id: `cell-${index + 1}`,
      source,
      metadata: {},
      outputs: [],
      execution_count: null
    });
  });
  return notebook;
}

/** The code cell at a place. */
export function codeCell(notebook: NotebookModel, index = 0): ICodeCellModel {
  const cell = notebook.cells.get(index);
  if (!(cell instanceof CodeCellModel)) {
    throw new Error(`cell ${index} is no code cell`);
  }
  return cell;
}

/** A model of the same file, opened anew. */
export function reopen(notebook: NotebookModel, disableDocumentWideUndoRedo = true): NotebookModel {
  const copy = new NotebookModel({ disableDocumentWideUndoRedo });
  copy.fromJSON(notebook.toJSON());
  return copy;
}
