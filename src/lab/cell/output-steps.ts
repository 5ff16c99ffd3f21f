import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import { JSONExt, type PartialJSONObject } from '@lumino/coreutils';
import type { Spilled } from '../../shared/wire/events';
import type { CellRecord } from './cell-record';
import { OUTPUT_MIME_TYPE, readSluiceOutput, type SluiceOutput } from '../outputs/sluice-output';
import type { OutputStep } from './fold-events';
import type { OutputTexts } from './output-texts';
import { countLineEnds, endOfLines, splitAtLimit } from './split-at-limit';

type Shown = Required<Pick<CellRecord, 'displays'>> & Pick<CellRecord, 'hidden'>;

type Bundle = {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  spilled?: readonly Spilled[] | undefined;
};

/** How much of a cell's text is shown in it. */
export type ShownLimits = { characters: number; lines: number };

export type OutputStepsOptions = {
  model: ICodeCellModel;
  task: string;
  texts: OutputTexts;
  shown: ShownLimits;
  executionCount: () => number;
};

/** Text with cursor movements is fed in pieces, since only the model knows how long it comes out. */
const PIECE_CHARACTERS = 32_768;

/** Applies steps to a cell's output model: only by `add`, `set` of one output, and `clear`. */
export class OutputSteps {
  constructor(private readonly _options: OutputStepsOptions) {}

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
        const index = this._add({ output_type: 'display_data', ...this._bundle(step.bundle) });
        const id = step.bundle.transient.display_id;
        if (id !== undefined) {
          shown.displays[id] = [...(shown.displays[id] ?? []), index];
        }
        break;
      }
      case 'update':
        this._update(shown.displays[step.id] ?? [], this._bundle(step.bundle));
        break;
      case 'result':
        this._add({
          output_type: 'execute_result',
          execution_count: this._options.executionCount(),
          ...this._bundle(step.bundle)
        });
        break;
      case 'error':
        this._add({ output_type: 'error', ...step.error });
        break;
      case 'unsealed':
        this._unsealed(step.text);
        break;
      case 'overflow':
        this._overflow(step.attempt, step.bytes, shown);
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
      const used = this._shownText();
      const { characters, lines } = this._options.shown;
      const room = Math.min(characters - used.characters, endOfLines(rest, lines - used.lines));
      const inPieces = room > 0 && /[\r\b]/.test(rest);
      const [head, tail] = inPieces
        ? splitAtLimit(rest, PIECE_CHARACTERS, true)
        : splitAtLimit(rest, room, used.characters === 0);
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
    const lines = Math.max(1, hidden.lines);
    const { task, texts } = this._options;
    const output = place(texts.hiddenLines(lines), { kind: 'more', task, lines });
    if (hidden.output < 0) {
      hidden.output = this._add(output);
    } else {
      this._options.model.outputs.set(hidden.output, output);
    }
  }

  /** One output for text that follows itself; nothing of it is more than text. */
  private _unsealed(text: string): void {
    const { model, texts, shown } = this._options;
    const last = model.outputs.length - 1;
    const before = last < 0 ? null : unsealedBefore(model.outputs.get(last).data);
    const all = `${before ?? ''}${text}`;
    const held = all.length > shown.characters ? `${all.slice(0, shown.characters)}\n…` : all;
    const output = place(`${texts.unsealed}\n${held}`, { kind: 'unsealed', text: held });
    if (before === null) {
      this._add(output);
    } else {
      model.outputs.set(last, output);
    }
  }

  /** Said when it begins, and again with its size at the end. */
  private _overflow(attempt: number, bytes: number | null, shown: Shown): void {
    const { task, texts } = this._options;
    const output = place(texts.overflow(bytes), { kind: 'overflow', task, bytes });
    // The cell's own displays have the names that Python gives them.
    const id = `sluice:overflow:${attempt}`;
    const [known] = shown.displays[id] ?? [];
    if (known === undefined) {
      shown.displays[id] = [this._add(output)];
    } else {
      this._options.model.outputs.set(known, output);
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

  private _shownText(): ShownLimits {
    const { outputs } = this._options.model;
    const shown = { characters: 0, lines: 0 };
    for (let index = 0; index < outputs.length; index += 1) {
      const text = outputs.get(index).streamText?.text ?? '';
      shown.characters += text.length;
      shown.lines += countLineEnds(text);
    }
    return shown;
  }

  private _bundle({ data, metadata, spilled }: Bundle): PartialJSONObject {
    const { task } = this._options;
    const parts = [...(spilled ?? [])];
    const output: SluiceOutput = { kind: 'spilled', task, parts };
    const whole = parts.length === 0 ? data : { ...data, [OUTPUT_MIME_TYPE]: output };
    return { data: whole, metadata } as PartialJSONObject;
  }
}

function place(words: string, output: SluiceOutput): IOutput {
  return {
    output_type: 'display_data',
    data: { 'text/plain': words, [OUTPUT_MIME_TYPE]: output as unknown as PartialJSONObject },
    metadata: {}
  };
}

function unsealedBefore(data: Readonly<Record<string, unknown>>): string | null {
  const output = readSluiceOutput(data[OUTPUT_MIME_TYPE]);
  return output?.kind === 'unsealed' ? output.text : null;
}
