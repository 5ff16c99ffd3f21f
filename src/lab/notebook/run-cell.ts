import type { ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { CellRun } from '../cell/cell-run';
import type { IClock } from '../clock';
import { askCapture } from '../kernel/ask-capture';
import type { ISluiceService } from '../service';
import { toProblem } from '../tasks/task-store';
import { cellRequest, targetOfCell } from './cell-request';
import { submitSurely } from './submit-surely';

/**
 * Run a cell on its target: empty it, ask the kernel, hand it over. Everything that goes wrong is
 * told in the cell; a cancel before there is a task leaves the cell empty.
 */
export async function runCell(
  service: ISluiceService,
  panel: NotebookPanel,
  run: CellRun,
  clock: IClock
): Promise<void> {
  const model: ICodeCellModel = run.model;
  const source = model.sharedModel.getSource();
  const signal = run.accept(targetOfCell(panel, model));
  try {
    const capture = await askCapture(service, panel.sessionContext, source, clock, signal);
    if (signal.aborted) {
      run.abandon();
      return;
    }
    run.sending();
    const request = cellRequest(panel, model, source, capture);
    const task = await submitSurely(service, request, clock);
    run.submitted(task);
    if (signal.aborted) {
      await run.cancel();
    }
  } catch (error) {
    if (signal.aborted) {
      run.abandon();
    } else {
      run.fail(toProblem(error));
    }
  }
}
