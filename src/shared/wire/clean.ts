import { z } from 'zod';

/** Body of `POST /api/clean/{target}`. */
export const cleanRequestSchema = z.object({
  projectDir: z.string().nullable().default(null),
  dryRun: z.boolean().default(false),
  /** Null: the target's own, else 7 days and 5 GB. */
  olderThanDays: z.number().nonnegative().nullable().default(null),
  maxBytes: z.number().nonnegative().nullable().default(null),
  /** Tasks whose unfetched files may go all the same; the person was asked. */
  evenTasks: z.array(z.string()).default([])
});

export const cleanItemSchema = z.object({
  /** Below the root: `runs/sl-…`, `snapshots/…`, `blobs/…`, `worker/…`, `incoming/…`. */
  place: z.string(),
  bytes: z.number().nonnegative(),
  ageSeconds: z.number(),
  /** Why it goes or stays, in words. */
  why: z.string()
});

/** Answer: what went (or would go), what stays and why, what asks for a word of the person. */
export const cleanReportSchema = z.object({
  root: z.string(),
  dryRun: z.boolean(),
  removed: z.array(cleanItemSchema),
  kept: z.array(cleanItemSchema),
  /** Old enough, but with files that nobody fetched or dismissed. */
  asks: z.array(cleanItemSchema),
  bytesBefore: z.number(),
  bytesAfter: z.number()
});

export type CleanRequest = z.infer<typeof cleanRequestSchema>;
/** As a client writes it: what has a default may be absent. */
export type CleanInput = z.input<typeof cleanRequestSchema>;
export type CleanReport = z.infer<typeof cleanReportSchema>;
