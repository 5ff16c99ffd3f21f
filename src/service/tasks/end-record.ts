import { z } from 'zod';
import { usageSchema } from '../../shared/wire/task';
import type { EndRecord, ExitRecord } from '../store/task-record';

const schema = z.object({
  status: z.enum(['ok', 'error', 'terminated', 'time-up']),
  exitCode: z.number().nullable(),
  signal: z.number().nullable(),
  ename: z.string().nullable(),
  evalue: z.string().nullable(),
  lastSeq: z.number().int().nonnegative(),
  // What is only told must not cost the verdict.
  usage: usageSchema.optional().catch(undefined),
  cause: z.enum(['time-limit', 'asked', 'memory']).nullable().optional().catch(undefined)
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
  if (!result.success) {
    return null;
  }
  const { usage, cause, ...record } = result.data;
  return {
    ...record,
    ...(usage === undefined ? {} : { usage }),
    ...(cause === undefined ? {} : { cause })
  };
}

/** The record of the job's script in the text of `exit`: its one line is whole, or there is none. */
export function parseExitRecord(text: string): ExitRecord | null {
  const [, status, kills, at] = /^(\d{1,3}) (\d{1,9}|-) (\d{1,11}(?:\.\d+)?)\n?$/.exec(text) ?? [];
  if (status === undefined || kills === undefined || Number(status) > 255) {
    return null;
  }
  return {
    status: Number(status),
    oomKills: kills === '-' ? null : Number(kills),
    at: Number(at)
  };
}
