import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { TaskEvent } from '../../shared/wire/events';
import type { IClock } from '../clock';
import { type CellRecord, readRecord, writeRecord } from './cell-record';
import { foldEvents } from './fold-events';
import { markUntrusted } from './execution-mark';
import { OutputSteps, type ShownLimits } from './output-steps';
import type { OutputTexts } from './output-texts';
import { writeSilently } from './write-silently';

/** Appending to a stream costs its whole length, so text is written at most ten times a second. */
export const WRITE_INTERVAL_MS = 100;

export type OutputWriterOptions = {
  model: ICodeCellModel;
  task: string;
  clock: IClock;
  texts: OutputTexts;
  /** How much stream text a cell shows. */
  shown: ShownLimits;
  /** The number that an execution result carries. */
  executionCount: () => number;
};

/**
 * Writes one task's events into one cell, in batches. What is written, and up to which event, goes
 * into the document as one step, so that any copy of the document can be continued from.
 */
export class OutputWriter implements IDisposable {
  constructor(private readonly _options: OutputWriterOptions) {
    this._steps = new OutputSteps(_options);
    this._record = this._read();
    _options.model.outputs.changed.connect(this._onOutputsChanged, this);
  }

  /** The last event that was taken, written yet or not. */
  get index(): number {
    return this._queue.at(-1)?.index ?? this._record.index;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether an exception is among what the cell shows. */
  get hasError(): boolean {
    const { outputs } = this._options.model;
    for (let index = 0; index < outputs.length; index += 1) {
      if (outputs.get(index).type === 'error') {
        return true;
      }
    }
    return false;
  }

  /** Whether the end has been written already, here or by another page. */
  get isEnded(): boolean {
    return this._record.ended === true;
  }

  /** Forget what was not written, and go on from what the document says. */
  reload(): void {
    this._timer?.dispose();
    this._timer = null;
    this._queue = [];
    this._record = this._read();
  }

  /** Take an event; it is written with the next batch. */
  push(event: TaskEvent): void {
    if (event.index <= this.index || this._isDisposed) {
      return;
    }
    this._queue.push(event);
    if (!this._timer) {
      const idleMs = this._options.clock.now() - this._writtenAt;
      const waitMs = Math.max(0, WRITE_INTERVAL_MS - idleMs);
      this._timer = this._options.clock.after(waitMs, () => this.flush());
    }
  }

  /** Write what was taken. */
  flush(): void {
    this._timer?.dispose();
    this._timer = null;
    if (this._queue.length > 0 && !this._isDisposed) {
      this._write(this._queue.splice(0));
    }
  }

  /** Write what was taken and mark the end; `failure` becomes an error output of its own. */
  end(failure: readonly string[] | null): void {
    this.flush();
    const { task, index, hidden } = this._record;
    this._record = { task, index, ...(hidden && { hidden }), ended: true };
    this._change(() => {
      if (failure) {
        this._steps.addFailure(failure);
      }
    });
  }

  dispose(): void {
    this._timer?.dispose();
    this._timer = null;
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _write(events: readonly TaskEvent[]): void {
    const { steps, clearNext } = foldEvents(events, this._record.clearNext === true);
    const index = events.at(-1)?.index ?? this._record.index;
    this._change(() => {
      if (steps.some(({ kind }) => kind === 'unsealed')) {
        // Someone else can write into this job's outputs: nothing of the cell may act any more.
        markUntrusted(this._options.model);
      }
      const { displays, hidden } = this._steps.apply(steps, this._record);
      this._record = {
        task: this._options.task,
        index,
        ...(Object.keys(displays).length > 0 && { displays }),
        ...(clearNext && { clearNext }),
        ...(hidden && { hidden })
      };
    });
    this._writtenAt = this._options.clock.now();
  }

  /** Change the outputs and write the record as one step. */
  private _change(change: () => void): void {
    this._isWriting = true;
    try {
      writeSilently(this._options.model, () => {
        change();
        writeRecord(this._options.model, this._record);
      });
    } finally {
      this._isWriting = false;
    }
  }

  /** When a person clears the outputs, the indexes that the record holds mean nothing any more. */
  private _onOutputsChanged(_: IOutputAreaModel, change: IOutputAreaModel.ChangedArgs): void {
    if (!this._isWriting && change.type === 'clear') {
      this._record = { ...this._record, displays: undefined, hidden: undefined };
    }
  }

  private _read(): CellRecord {
    const record = readRecord(this._options.model);
    return record?.task === this._options.task ? record : { task: this._options.task, index: 0 };
  }

  private readonly _steps: OutputSteps;
  private _record: CellRecord;
  private _queue: TaskEvent[] = [];
  private _timer: IDisposable | null = null;
  private _writtenAt = -Infinity;
  private _isDisposed = false;
  private _isWriting = false;
}
