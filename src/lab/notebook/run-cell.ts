import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Task } from '../../shared/wire/task';
import type { CellRun } from '../cell/cell-run';
import type { IClock } from '../clock';
import { askCapture } from '../kernel/ask-capture';
import type { ISluiceService } from '../service';
import { toProblem } from '../tasks/task-store';
import { cellRequest, targetOfCell } from './cell-request';
import { submitSurely } from './submit-surely';

/**
 * Run a cell on its target: empty it, ask the kernel, hand it over. What goes wrong on the way is
 * told in the cell; a cancel before there is a task leaves the cell empty. Rejects only when a
 * cancel that came while the cell was handed over cannot be passed on.
 */
export async function runCell(
  service: ISluiceService,
  panel: NotebookPanel,
  run: CellRun,
  clock: IClock
): Promise<void> {
  const signal = run.accept(targetOfCell(panel, run.model));
  const task = await handOver(service, panel, run, clock, signal);
  if (task) {
    run.submitted(task);
    if (signal.aborted) {
      await run.cancel();
    }
  }
}

async function handOver(
  service: ISluiceService,
  panel: NotebookPanel,
  run: CellRun,
  clock: IClock,
  signal: AbortSignal
): Promise<Task | null> {
  const { model } = run;
  const source = model.sharedModel.getSource();
  try {
    const capture = await askCapture(service, panel.sessionContext, source, clock, signal);
    if (!signal.aborted) {
      run.sending();
      return await submitSurely(service, cellRequest(panel, model, source, capture), clock);
    }
    run.abandon();
  } catch (error) {
    if (signal.aborted) {
      run.abandon();
    } else {
      run.fail(toProblem(error));
    }
  }
  return null;
}
