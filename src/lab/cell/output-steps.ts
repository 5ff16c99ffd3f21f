import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import { JSONExt, type PartialJSONObject } from '@lumino/coreutils';
import type { CellRecord } from './cell-record';
import type { OutputStep } from './fold-events';
import type { OutputTexts } from './output-texts';
import { countLineEnds, splitAtLimit } from './split-at-limit';

type Shown = Required<Pick<CellRecord, 'displays'>> & Pick<CellRecord, 'hidden'>;

type Bundle = { data: Record<string, unknown>; metadata: Record<string, unknown> };

/** Text with cursor movements is fed in pieces, since only the model knows how long it comes out. */
const PIECE_CHARACTERS = 32_768;

/** Applies steps to a cell's output model: only by `add`, `set` of one output, and `clear`. */
export class OutputSteps {
  constructor(
    private readonly _options: {
      model: ICodeCellModel;
      texts: OutputTexts;
      shownCharacters: number;
      executionCount: () => number;
    }
  ) {}

  /** Apply the steps; what is shown before, what is shown after. */
  apply(steps: readonly OutputStep[], before: Pick<CellRecord, 'displays' | 'hidden'>): Shown {
    const shown: Shown = {
      displays: JSONExt.deepCopy(before.displays ?? {}),
      ...(before.hidden && { hidden: { ...before.hidden } })
    };
    for (const step of steps) {
      this._apply(step, shown);
    }
    if (shown.hidden && (shown.hidden.output < 0 || shown.hidden.lines !== before.hidden?.lines)) {
      this._tellHidden(shown.hidden);
    }
    return shown;
  }

  /** Say in an error output that the task failed for another reason than an exception of the cell. */
  addFailure(lines: readonly string[]): void {
    this._add({
      output_type: 'error',
      ename: 'SluiceError',
      evalue: lines[0] ?? '',
      traceback: [...lines]
    });
  }

  private _apply(step: OutputStep, shown: Shown): void {
    switch (step.kind) {
      case 'clear':
        this._options.model.outputs.clear();
        shown.displays = {};
        delete shown.hidden;
        break;
      case 'stream':
        this._stream(step.name, step.text, shown);
        break;
      case 'display': {
        const index = this._add({ output_type: 'display_data', ...bundleOf(step.bundle) });
        const id = step.bundle.transient.display_id;
        if (id !== undefined) {
          shown.displays[id] = [...(shown.displays[id] ?? []), index];
        }
        break;
      }
      case 'update':
        this._update(shown.displays[step.id] ?? [], bundleOf(step.bundle));
        break;
      case 'result':
        this._add({
          output_type: 'execute_result',
          execution_count: this._options.executionCount(),
          ...bundleOf(step.bundle)
        });
        break;
      case 'error':
        this._add({ output_type: 'error', ...step.error });
        break;
    }
  }

  private _stream(name: string, text: string, shown: Shown): void {
    if (shown.hidden) {
      shown.hidden.lines += countLineEnds(text);
      return;
    }
    let rest = text;
    while (rest !== '') {
      const used = this._shownCharacters();
      const room = this._options.shownCharacters - used;
      const inPieces = room > 0 && /[\r\b]/.test(rest);
      const [head, tail] = inPieces
        ? splitAtLimit(rest, PIECE_CHARACTERS, true)
        : splitAtLimit(rest, room, used === 0);
      if (head !== '') {
        this._add({ output_type: 'stream', name, text: head });
      }
      if (tail !== '' && !inPieces) {
        // The output that says so is added, or brought up to date, after the batch.
        shown.hidden = { output: -1, lines: countLineEnds(tail) };
        return;
      }
      rest = tail;
    }
  }

  private _tellHidden(hidden: NonNullable<CellRecord['hidden']>): void {
    // What is hidden may be a single line that has not ended yet.
    const text = this._options.texts.hiddenLines(Math.max(1, hidden.lines));
    const output: IOutput = {
      output_type: 'display_data',
      data: { 'text/plain': text },
      metadata: {}
    };
    if (hidden.output < 0) {
      hidden.output = this._add(output);
    } else {
      this._options.model.outputs.set(hidden.output, output);
    }
  }

  private _update(indexes: readonly number[], bundle: PartialJSONObject): void {
    const { outputs } = this._options.model;
    for (const index of indexes) {
      const output_type = outputs.get(index).type;
      outputs.set(index, { output_type, ...bundle });
    }
  }

  /** Add an output and say at which index it is. */
  private _add(output: IOutput): number {
    return this._options.model.outputs.add(output) - 1;
  }

  private _shownCharacters(): number {
    const { outputs } = this._options.model;
    let total = 0;
    for (let index = 0; index < outputs.length; index += 1) {
      total += outputs.get(index).streamText?.text.length ?? 0;
    }
    return total;
  }
}

function bundleOf({ data, metadata }: Bundle): PartialJSONObject {
  return { data, metadata } as PartialJSONObject;
}
