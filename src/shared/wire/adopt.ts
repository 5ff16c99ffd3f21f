import { z } from 'zod';
import { PHASES } from '../phases';
import { originSchema } from './task';
import { resourcesSchema } from './resources';

/** `run.json` beside `spec.json`: what another Sluice needs to take the task over. */
export const runNoteSchema = z.object({
  version: z.literal(1),
  task: z.string(),
  requestId: z.string(),
  kind: z.enum(['cell', 'script']),
  rehearsal: z.boolean(),
  origin: originSchema.nullable(),
  title: z.string(),
  sourceSha256: z.string(),
  target: z.string(),
  scheduler: z.enum(['slurm', 'process']),
  resources: resourcesSchema,
  /** Milliseconds since the epoch on the submitting machine. */
  submittedAt: z.number(),
  /** The submitting machine. */
  host: z.string(),
  python: z.string(),
  setup: z.array(z.string())
});

/** Body of `POST /api/adopt/{target}`. */
export const adoptRequestSchema = z.object({
  projectDir: z.string().nullable().default(null),
  /** Only look. */
  dryRun: z.boolean().default(false),
  /** Null: all that are found. */
  ids: z.array(z.string()).nullable().default(null)
});

export const foundRunSchema = z.object({
  task: z.string(),
  title: z.string(),
  notebookPath: z.string().nullable(),
  submittedAt: z.number().nullable(),
  /** The machine that had submitted it. */
  host: z.string().nullable(),
  jobId: z.string().nullable(),
  /** What its own files and the scheduler say now; `unknown` where they say nothing. */
  phase: z.enum(PHASES),
  adopted: z.boolean(),
  /** Why it cannot be taken over, in words. */
  problem: z.string().nullable()
});

/** The runs below the target's root of which this machine has no record. */
export const adoptReportSchema = z.object({
  target: z.string(),
  root: z.string(),
  found: z.array(foundRunSchema)
});

export type RunNote = z.infer<typeof runNoteSchema>;
export type AdoptRequest = z.infer<typeof adoptRequestSchema>;
export type AdoptInput = z.input<typeof adoptRequestSchema>;
export type FoundRun = z.infer<typeof foundRunSchema>;
export type AdoptReport = z.infer<typeof adoptReportSchema>;
