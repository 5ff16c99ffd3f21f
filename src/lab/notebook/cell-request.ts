import type { ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';
import type { Capture } from '../../shared/wire/capture';
import type { SubmitInput } from '../../shared/wire/submit';
import { targetChoice } from './cell-target';
import { chosenFiles } from './chosen-files';

/** The target that the cell itself, else its metadata, else the notebook names; null: the default. */
export function targetOfCell(panel: NotebookPanel, model: ICodeCellModel): string | null {
  return targetChoice(panel, model)?.target ?? null;
}

/** What is sent for a cell, to be run or to be planned. */
export function cellRequest(
  panel: NotebookPanel,
  model: ICodeCellModel,
  source: string,
  capture: Capture
): SubmitInput {
  return {
    requestId: UUID.uuid4(),
    target: targetOfCell(panel, model),
    resources: {},
    payload: { kind: 'cell', source, outputs: null },
    origin: {
      notebookPath: panel.context.localPath,
      cellId: model.id,
      kernelId: panel.sessionContext.session?.kernel?.id ?? null
    },
    projectDir: capture.cwd === '' ? null : capture.cwd,
    capture,
    files: chosenFiles(model)
  };
}
