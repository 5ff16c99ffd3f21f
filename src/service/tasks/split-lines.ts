import { type WorkerLine, workerLineSchema } from '../../shared/wire/events';
import { plainLine } from './plain-line';
import type { SealCheck } from './seal';

export type SplitLines = {
  lines: WorkerLine[];
  /** Bytes of whole lines; a last line without its newline is read again later. */
  consumed: number;
  /** Whole lines that are not what a worker writes. */
  unreadable: string[];
};

const NEWLINE = 10;

/**
 * The whole lines of a piece of a worker's file. What does not pass the check comes as mere text,
 * marked; null: the task's worker seals nothing.
 */
export function splitLines(piece: Buffer, isSealed: SealCheck | null): SplitLines {
  const consumed = piece.lastIndexOf(NEWLINE) + 1;
  const lines: WorkerLine[] = [];
  const unreadable: string[] = [];
  let start = 0;
  while (start < consumed) {
    const end = piece.indexOf(NEWLINE, start);
    const bytes = piece.subarray(start, end);
    start = end + 1;
    if (bytes.length === 0) {
      continue;
    }
    const parsed = parseLine(bytes);
    if (parsed === null) {
      unreadable.push(bytes.toString());
    } else {
      lines.push(isSealed === null || isSealed(bytes) ? parsed : plainLine(parsed));
    }
  }
  return { lines, consumed, unreadable };
}

function parseLine(bytes: Buffer): WorkerLine | null {
  let data: unknown;
  try {
    data = JSON.parse(bytes.toString());
  } catch {
    return null;
  }
  const result = workerLineSchema.safeParse(data);
  if (!result.success) {
    return null;
  }
  // Only the service says so.
  delete result.data.unverified;
  return result.data;
}
