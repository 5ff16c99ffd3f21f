import type { NotebookPanel } from '@jupyterlab/notebook';
import { SluiceError } from '../../shared/errors';
import type { Capture } from '../../shared/wire/capture';
import type { SubmitInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import { largeValueOf, withWay } from '../ask/large-value';
import { type AskConsent, withConsent } from '../ask/project-consent';
import type { UndecidedFile } from '../ask/undecided-files';
import type { CellRun } from '../cell/cell-run';
import type { Trust } from '../cell/execution-mark';
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
  const handed = await handOver(options, signal);
  if (handed) {
    run.submitted(handed.task, handed.trust);
    if (signal.aborted) {
      await run.cancel();
    }
  }
}

/** The task, and how far its target is trusted; null: as far as is known already. */
type Handed = { task: Task; trust: Trust | null };

async function handOver(options: RunCellOptions, signal: AbortSignal): Promise<Handed | null> {
  const { service, panel, run, waysOn } = options;
  const { model } = run;
  const source = model.sharedModel.getSource();
  try {
    const capture = await captureOrChoose(options, source, signal);
    if (capture && !signal.aborted) {
      const request = cellRequest(panel, model, source, capture);
      const ask: AskConsent = asked => {
        run.step('asking-you');
        return waysOn.projectFile(asked);
      };
      const handed = await withConsent(
        consent => service.consent(consent),
        ask,
        () => decideAndSubmit(options, request, signal)
      );
      if (handed) {
        return handed;
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

/** Have everything decided that needs a person, then submit; null: do not run. */
async function decideAndSubmit(
  options: RunCellOptions,
  request: SubmitInput,
  signal: AbortSignal
): Promise<Handed | null> {
  const { service, run, clock } = options;
  run.step('sending');
  const trust = await settleTrust(options, request, signal);
  if (trust === 'declined' || signal.aborted || !(await decideFiles(options, request, signal))) {
    return null;
  }
  run.step('sending');
  const decided = { ...request, files: chosenFiles(run.model) };
  return { task: await submitSurely(service, decided, clock), trust };
}

/** How far the target is trusted, asked where nobody was asked yet; null: it is not known here. */
async function settleTrust(
  { service, run, waysOn }: RunCellOptions,
  request: SubmitInput,
  signal: AbortSignal
): Promise<Trust | 'declined' | null> {
  if (request.capture?.obstacles.length !== 0) {
    // It is refused for that, in words.
    return null;
  }
  const { projectDir } = request;
  const targets = await orNull(service.targets(projectDir ?? undefined), signal);
  const name = request.target ?? targets?.default;
  const target = targets?.targets.find(one => one.name === name);
  if (!target?.asksTrust || signal.aborted) {
    return target?.trust ?? null;
  }
  run.step('asking-you');
  const trust = await waysOn.trust(target.name, target.trust);
  if (trust === null) {
    return 'declined';
  }
  await service.answerTrust(target.name, { trust, projectDir });
  return trust;
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
  const plan = await orNull(service.plan({ ...request, brief: true }, signal), signal);
  return plan?.undecided ?? [];
}

/** What the service answers; null where the submit comes to the same error, and says it where a person looks for it later. */
async function orNull<Answer>(asked: Promise<Answer>, signal: AbortSignal): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    const isLater = error instanceof SluiceError && error.code !== 'project-consent';
    if (isLater && !signal.aborted) {
      return null;
    }
    throw error;
  }
}
