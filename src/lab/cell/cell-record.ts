import type { ICodeCellModel } from '@jupyterlab/cells';
import type { PartialJSONObject } from '@lumino/coreutils';

/**
 * What a cell remembers about its task, in its metadata under `sluice`. It describes the outputs
 * beside it and is written in the same transaction as they are.
 */
export type CellRecord = {
  task: string;
  /** Index of the last event whose effect is in the outputs. */
  index: number;
  /** While live: which outputs show which display id; Jupyter does not save display ids. */
  displays?: Record<string, number[]>;
  /** While live: a `clear_output(wait=True)` is waiting for the next output. */
  clearNext?: boolean;
  /** Text beyond the limit: the output that says so, and the number of lines left out. */
  hidden?: { output: number; lines: number };
  /** The end has been written: nothing is left to deliver. */
  ended?: boolean;
  /** The person has put the line about the end away. */
  dismissed?: boolean;
};

const KEY = 'sluice';

const RECORD_KEYS: Readonly<Record<keyof CellRecord, true>> = {
  task: true,
  index: true,
  displays: true,
  clearNext: true,
  hidden: true,
  ended: true,
  dismissed: true
};

/** The cell's record, or null when it has none that can be used. */
export function readRecord(model: ICodeCellModel): CellRecord | null {
  const value = model.sharedModel.getMetadata(KEY) as Partial<CellRecord> | undefined;
  if (typeof value?.task !== 'string' || !Number.isInteger(value.index)) {
    return null;
  }
  return { ...value, task: value.task, index: value.index ?? 0 };
}

/** Write the record, keeping other keys (such as a `target`) that a person put beside it. */
export function writeRecord(model: ICodeCellModel, record: CellRecord): void {
  const kept = withoutRecord(model);
  model.sharedModel.setMetadata(KEY, { ...kept, ...record } as PartialJSONObject);
}

/** Remove the record. */
export function deleteRecord(model: ICodeCellModel): void {
  const kept = withoutRecord(model);
  if (Object.keys(kept).length > 0) {
    model.sharedModel.setMetadata(KEY, kept);
  } else {
    model.sharedModel.deleteMetadata(KEY);
  }
}

/** The target that the cell's metadata names, if any. */
export function namedTarget(metadata: unknown): string | null {
  const target = (metadata as { target?: unknown } | null | undefined)?.target;
  return typeof target === 'string' && target !== '' ? target : null;
}

function withoutRecord(model: ICodeCellModel): PartialJSONObject {
  const value = (model.sharedModel.getMetadata(KEY) ?? {}) as PartialJSONObject;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !(key in RECORD_KEYS)));
}
