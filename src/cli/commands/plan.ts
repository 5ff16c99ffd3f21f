import { dirname, resolve } from 'node:path';
import type { Capture } from '../../shared/wire/capture';
import type { Plan } from '../../shared/wire/plan';
import type { PlanInput } from '../../shared/wire/submit';
import type { Resources } from '../../shared/wire/resources';
import { askPython } from '../ask-python';
import { type CommandContext, print } from '../command-context';
import { readInputs } from '../input-options';
import { type MagicCell, parseMagicCell } from '../parse-magic';
import { planText } from '../print/plan-text';
import { type NotebookCell, readCell } from '../read-cell';

export type PlanQuestion = {
  notebook: string;
  cell: string;
  /** Null: what the cell says, else the target that the service finds. */
  target: string | null;
  resources: Resources;
  /** The lists of `-i`. */
  inputs: readonly string[];
  rehearse: boolean;
};

const PYTHON_TIMEOUT_MS = 30_000;
const MISSING_SOMETHING = 1;
const INTERRUPTED = 130;

/** What the Python of this installation says; a plan goes on without it, and a note says so. */
async function captureHere(
  { access, python, err }: CommandContext,
  source: string,
  cwd: string
): Promise<Capture | null> {
  const kit = await access.ask(client => client.captureKit());
  const answer = await askPython({ python, kit, source, cwd, timeoutMs: PYTHON_TIMEOUT_MS });
  if ('problem' in answer) {
    err(`sluice: no Python was asked what is installed: ${answer.problem}\n`);
    return null;
  }
  return answer.capture;
}

type Parts = { path: string; cell: NotebookCell; magic: MagicCell; capture: Capture | null };

function buildRequest(
  context: CommandContext,
  question: PlanQuestion,
  { path, cell, magic, capture }: Parts
): PlanInput {
  const { names, files } = readInputs([...magic.inputs, ...question.inputs]);
  return {
    requestId: context.newRequestId(),
    target: question.target ?? magic.target ?? cell.target,
    resources: { ...magic.resources, ...question.resources },
    payload: { kind: 'cell', source: magic.source, outputs: null },
    origin: { notebookPath: path, cellId: cell.id, kernelId: null },
    projectDir: dirname(path),
    capture,
    files,
    notebook: { cellsAbove: cell.above, ...names },
    rehearse: question.rehearse
  };
}

/**
 * What a run of a saved notebook's cell would send; values that only a kernel has are unknown. With a
 * rehearsal the exit status is 1 where something was missing.
 */
export async function plan(context: CommandContext, question: PlanQuestion): Promise<number> {
  const path = resolve(context.cwd, question.notebook);
  const cell = await readCell(path, question.cell);
  const magic = parseMagicCell(cell.source);
  const capture = await captureHere(context, magic.source, dirname(path));
  const request = buildRequest(context, question, { path, cell, magic, capture });
  const body = await askUntilInterrupted(context, request);
  if (body === null) {
    context.err(`sluice: the ${question.rehearse ? 'rehearsal' : 'plan'} was ended\n`);
    return INTERRUPTED;
  }
  print(context, body, told => planText(told, context.nowMs()));
  return body.rehearsal === null || body.rehearsal.ok ? 0 : MISSING_SOMETHING;
}

/** The service sees that nobody waits any more, and ends a rehearsal; null: so it was. */
async function askUntilInterrupted(
  { access, onInterrupt }: CommandContext,
  request: PlanInput
): Promise<Plan | null> {
  const abort = new AbortController();
  const stop = onInterrupt(() => {
    abort.abort();
  });
  try {
    return await access.ask(client => client.plan(request, abort.signal));
  } catch (error) {
    if (abort.signal.aborted) {
      return null;
    }
    throw error;
  } finally {
    stop();
  }
}
