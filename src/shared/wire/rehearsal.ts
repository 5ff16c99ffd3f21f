import { z } from 'zod';

/** Something that the code needed although it does not travel. */
export const uncapturedSchema = z.object({
  kind: z.enum(['file', 'module', 'host']),
  name: z.string(),
  /** Of the cell; null: no line of the cell led to it. */
  line: z.number().int().nullable(),
  /** For a person: which line did what, and what to do. */
  text: z.string().default('')
});

/** What a worker found out while it rehearsed a task. */
export const findingSchema = z.object({
  /** It ran to its end and needed nothing that does not travel. */
  ok: z.boolean(),
  /** From the first line of the cell on. */
  seconds: z.number(),
  /** What it opened, imported or called although that does not travel; at most a thousand. */
  uncaptured: z.array(uncapturedSchema),
  /** What ended it early; null: it came to its end. */
  stopped: z
    .enum(['missing', 'cluster-path', 'gpu', 'time', 'exception', 'canceled'])
    .nullable()
    .default(null),
  /** How far it got and what to do, for a person. */
  message: z.string().nullable().default(null)
});

/** What the captured bundle did when it ran in a fresh process without the notebook's folder. */
export const rehearsalSchema = findingSchema.extend({
  /** The task that ran it: its events hold the outputs. */
  task: z.string().nullable().default(null),
  /** Its outputs in notebook format, apart from the cell's own. */
  outputs: z.array(z.record(z.string(), z.unknown())).default([])
});

export type Uncaptured = z.infer<typeof uncapturedSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type Rehearsal = z.infer<typeof rehearsalSchema>;
