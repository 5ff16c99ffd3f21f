import { type WorkerLine, workerLineSchema } from '../../shared/wire/events';

export type SplitLines = {
  lines: WorkerLine[];
  /** Bytes of whole lines; a last line without its newline is read again later. */
  consumed: number;
  /** Whole lines that are not what a worker writes. */
  unreadable: string[];
};

/** The whole lines of a piece of a worker's file. */
export function splitLines(piece: Buffer): SplitLines {
  const consumed = piece.lastIndexOf(10) + 1;
  const lines: WorkerLine[] = [];
  const unreadable: string[] = [];
  const text = piece.subarray(0, consumed).toString();
  for (const line of text.split('\n')) {
    if (line !== '') {
      const parsed = parseLine(line);
      if (parsed === null) {
        unreadable.push(line);
      } else {
        lines.push(parsed);
      }
    }
  }
  return { lines, consumed, unreadable };
}

function parseLine(line: string): WorkerLine | null {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return null;
  }
  const result = workerLineSchema.safeParse(data);
  return result.success ? result.data : null;
}
