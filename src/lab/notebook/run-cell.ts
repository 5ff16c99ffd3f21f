import type { NotebookPanel } from '@jupyterlab/notebook';
import { SluiceError } from '../../shared/errors';
import type { Capture } from '../../shared/wire/capture';
import type { SubmitInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import { largeValueOf, withWay } from '../ask/large-value';
import type { UndecidedFile } from '../ask/undecided-files';
import type { CellRun } from '../cell/cell-run';
import type { IClock } from '../clock';
import { askCapture, type CaptureChoice } from '../kernel/ask-capture';
import type { ISluiceService } from '../service';
import { toProblem } from '../tasks/task-store';
import { cellRequest, targetOfCell } from './cell-request';
import { chooseFiles, chosenFiles } from './chosen-files';
import { submitSurely } from './submit-surely';
import type { IWaysOn } from './ways-on';

export type RunCellOptions = {
  service: ISluiceService;
  panel: NotebookPanel;
  run: CellRun;
  clock: IClock;
  waysOn: IWaysOn;
};

/**
 * Run a cell on its target: empty it, ask the kernel, hand it over; where it cannot run as it is,
 * ask the person for a way on before anything is handed over. What goes wrong on the way is told in
 * the cell; a cancel before there is a task leaves the cell empty. Rejects only when a cancel that
 * came while the cell was handed over cannot be passed on.
 */
export async function runCell(options: RunCellOptions): Promise<void> {
  const { panel, run } = options;
  const signal = run.accept(targetOfCell(panel, run.model));
  const task = await handOver(options, signal);
  if (task) {
    run.submitted(task);
    if (signal.aborted) {
      await run.cancel();
    }
  }
}

async function handOver(options: RunCellOptions, signal: AbortSignal): Promise<Task | null> {
  const { service, panel, run, clock } = options;
  const { model } = run;
  const source = model.sharedModel.getSource();
  try {
    const capture = await captureOrChoose(options, source, signal);
    if (capture && !signal.aborted) {
      run.step('sending');
      const request = cellRequest(panel, model, source, capture);
      if (await decideFiles(options, request, signal)) {
        run.step('sending');
        const decided = { ...request, files: chosenFiles(model) };
        return await submitSurely(service, decided, clock);
      }
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

/** Ask the kernel until nothing is too large, or the person gives up. */
async function captureOrChoose(
  { service, panel, run, clock, waysOn }: RunCellOptions,
  source: string,
  signal: AbortSignal
): Promise<Capture | null> {
  let choice: CaptureChoice = { target: targetOfCell(panel, run.model) };
  for (;;) {
    const capture = await askCapture(service, panel.sessionContext, source, clock, signal, choice);
    const value = signal.aborted ? null : largeValueOf(capture.obstacles);
    if (!value) {
      return capture;
    }
    run.step('asking-you');
    const way = await waysOn.largeValue(value);
    if (way === null) {
      return null;
    }
    choice = withWay(choice, value, way);
    run.step('asking-kernel');
  }
}

/** Have the person say which large files travel, and remember it; false: do not run. */
async function decideFiles(
  { service, run, waysOn }: RunCellOptions,
  request: SubmitInput,
  signal: AbortSignal
): Promise<boolean> {
  const files = await undecidedFiles(service, request, signal);
  if (files.length > 0 && !signal.aborted) {
    run.step('asking-you');
    const travels = await waysOn.undecidedFiles(files);
    if (travels === null || run.isDisposed) {
      return false;
    }
    chooseFiles(run.model, files, travels);
  }
  return !signal.aborted;
}

async function undecidedFiles(
  service: ISluiceService,
  request: SubmitInput,
  signal: AbortSignal
): Promise<readonly UndecidedFile[]> {
  if (request.capture?.obstacles.length !== 0) {
    // It is refused for that, in words.
    return [];
  }
  try {
    const plan = await service.plan({ ...request, brief: true }, signal);
    return plan.undecided;
  } catch (error) {
    if (error instanceof SluiceError && !signal.aborted) {
      // The submit comes to the same end, and says so where a person looks for it later.
      return [];
    }
    throw error;
  }
}
