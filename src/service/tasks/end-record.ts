import { z } from 'zod';
import type { EndRecord } from '../store/task-record';

const schema = z.object({
  status: z.enum(['ok', 'error', 'terminated']),
  exitCode: z.number().nullable(),
  signal: z.number().nullable(),
  ename: z.string().nullable(),
  evalue: z.string().nullable(),
  lastSeq: z.number().int().nonnegative()
});

/** The end record in the text of `end.json`; null when it is none (yet). */
export function parseEndRecord(text: string): EndRecord | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  const result = schema.safeParse(data);
  return result.success ? result.data : null;
}
