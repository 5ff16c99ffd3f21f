import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Capture } from '../../shared/wire/capture';
import type { Task } from '../../shared/wire/task';
import { largeValueOf, withWay } from '../ask/large-value';
import { undecidedFileOf } from '../ask/undecided-file';
import type { CellRun } from '../cell/cell-run';
import type { IClock } from '../clock';
import { askCapture, type CaptureChoice } from '../kernel/ask-capture';
import type { ISluiceService } from '../service';
import { type ITaskStore, toProblem } from '../tasks/task-store';
import { cellRequest, targetOfCell } from './cell-request';
import { chooseFile } from './chosen-files';
import { settled } from './settled';
import { submitSurely } from './submit-surely';
import type { IWaysOn } from './ways-on';

export type RunCellOptions = {
  service: ISluiceService;
  store: ITaskStore;
  panel: NotebookPanel;
  run: CellRun;
  clock: IClock;
  waysOn: IWaysOn;
};

/**
 * Run a cell on its target: empty it, ask the kernel, hand it over; where it cannot run as it is,
 * ask the person for a way on. What goes wrong on the way is told in the cell; a cancel before there
 * is a task leaves the cell empty. Rejects only when a cancel that came while the cell was handed
 * over cannot be passed on.
 */
export async function runCell(options: RunCellOptions): Promise<void> {
  const { store, panel, run, waysOn } = options;
  let choice: CaptureChoice = {};
  for (;;) {
    const signal = run.accept(targetOfCell(panel, run.model));
    const sent = await handOver(options, choice, signal);
    if (!sent) {
      return;
    }
    run.submitted(sent.task);
    if (signal.aborted) {
      await run.cancel();
      return;
    }
    choice = sent.choice;
    const file = undecidedFileOf(await settled(store, sent.task));
    // The person may have gone on meanwhile: with another run, or without the cell.
    if (!file || !isCurrent(run, sent.task)) {
      return;
    }
    const answer = await waysOn.undecidedFile(file);
    if (answer === null || !isCurrent(run, sent.task)) {
      return;
    }
    chooseFile(run.model, file.path, answer === 'send');
  }
}

/** Whether the cell is there, and this is its newest task. */
function isCurrent(run: CellRun, task: Task): boolean {
  return !run.isDisposed && run.task?.id === task.id;
}

type Sent = { task: Task; choice: CaptureChoice };

async function handOver(
  options: RunCellOptions,
  choice: CaptureChoice,
  signal: AbortSignal
): Promise<Sent | null> {
  const { service, panel, run, clock } = options;
  const { model } = run;
  const source = model.sharedModel.getSource();
  try {
    const answer = await captureOrChoose(options, source, choice, signal);
    if (answer && !signal.aborted) {
      run.step('sending');
      const request = cellRequest(panel, model, source, answer.capture);
      return { task: await submitSurely(service, request, clock), choice: answer.choice };
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
  first: CaptureChoice,
  signal: AbortSignal
): Promise<{ capture: Capture; choice: CaptureChoice } | null> {
  let choice = first;
  for (;;) {
    const capture = await askCapture(service, panel.sessionContext, source, clock, signal, choice);
    const value = signal.aborted ? null : largeValueOf(capture.obstacles);
    if (!value) {
      return { capture, choice };
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
