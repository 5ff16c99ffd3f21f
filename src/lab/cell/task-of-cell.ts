import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import type { CellRecord } from './cell-record';

export type CellPlace = {
  id: string;
  source: string;
  record: CellRecord | null;
  notebookPath: string;
  /** When the file was last written, in milliseconds since the epoch. */
  savedAt: number;
  /** Ids of all cells of the notebook. */
  cellIds: ReadonlySet<string>;
};

/**
 * The task whose outputs belong into a cell that was opened, or null. A copy of a cell carries its
 * record too, but only the cell that the task names takes its outputs, unless that one is gone
 * (files without saved ids give new ones each time they are opened).
 */
export function taskOfCell(cell: CellPlace, tasks: readonly Task[]): Task | null {
  const recorded = tasks.find(task => task.id === cell.record?.task) ?? null;
  const newer = newestByOrigin(cell, tasks);
  if (newer && (!cell.record || (recorded && newer.submittedAt > recorded.submittedAt))) {
    return newer;
  }
  if (!recorded) {
    return null;
  }
  const named = recorded.origin?.cellId ?? null;
  return named === cell.id || named === null || !cell.cellIds.has(named) ? recorded : null;
}

/**
 * A task that names this cell although the cell does not know it: the page went away between the
 * submit and the note of it. A file written after the task's end is left as it was written, and
 * what a `%%slurm` cell sends is shown by its kernel.
 */
function newestByOrigin(cell: CellPlace, tasks: readonly Task[]): Task | null {
  if (isMagicCell(cell.source)) {
    return null;
  }
  const own = tasks.filter(
    ({ origin, phase, endedAt, rehearsal }) =>
      // A rehearsal's outputs are no outputs of the cell.
      !rehearsal &&
      origin?.cellId === cell.id &&
      origin.notebookPath === cell.notebookPath &&
      (!isTerminal(phase) || (endedAt ?? 0) > cell.savedAt)
  );
  own.sort((a, b) => b.submittedAt - a.submittedAt);
  return own[0] ?? null;
}

/** Whether the cell's own first line sends it. */
export function isMagicCell(source: string): boolean {
  return /^\s*%%slurm\b/.test(source);
}

/** The target that the first line of a `%%slurm` cell names; null: none, or no such cell. */
export function magicTarget(source: string): string | null {
  return /^\s*%%slurm[ \t]+([^\s-]\S*)/.exec(source)?.[1] ?? null;
}
