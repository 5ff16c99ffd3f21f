import type { ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { PartialJSONObject } from '@lumino/coreutils';
import { namedTarget } from '../cell/cell-record';
import { magicTarget } from '../cell/task-of-cell';
import { writeSilently } from '../cell/write-silently';

/** The target that a cell names by itself, and who says so. */
export type TargetChoice = { target: string; by: 'magic' | 'cell' | 'notebook' };

const KEY = 'sluice';

/** Who names the target of a cell; null: nobody does, the default counts. */
export function targetChoice(panel: NotebookPanel, model: ICodeCellModel): TargetChoice | null {
  const choices = [
    { by: 'magic', target: magicTarget(model.sharedModel.getSource()) },
    { by: 'cell', target: namedTarget(model.getMetadata(KEY)) },
    { by: 'notebook', target: namedTarget(panel.content.model?.getMetadata(KEY)) }
  ] as const;
  for (const { by, target } of choices) {
    if (target !== null) {
      return { by, target };
    }
  }
  return null;
}

/** Keep with a cell which target it runs on; null: what the notebook or the default says. */
export function setCellTarget(model: ICodeCellModel, target: string | null): void {
  const known: unknown = model.sharedModel.getMetadata(KEY);
  const others = Object.fromEntries(
    Object.entries(isObject(known) ? known : {}).filter(([key]) => key !== 'target')
  );
  writeSilently(model, () => {
    if (target !== null) {
      model.sharedModel.setMetadata(KEY, { ...others, target });
    } else if (Object.keys(others).length > 0) {
      model.sharedModel.setMetadata(KEY, others);
    } else {
      model.sharedModel.deleteMetadata(KEY);
    }
  });
}

function isObject(value: unknown): value is PartialJSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
