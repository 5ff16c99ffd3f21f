import { z } from 'zod';
import { PHASES, PUBLIC_PHASES } from '../phases';
import { noteSchema, obstacleSchema } from './capture';
import { fileSummarySchema } from './files';
import { resourcesSchema } from './resources';

export const originSchema = z.object({
  notebookPath: z.string().nullable(),
  cellId: z.string().nullable(),
  kernelId: z.string().nullable()
});

/** Why a task is in its phase, for a person. */
export const reasonSchema = z.object({
  /** A code of the error table, or a reason such as `priority`, `resources`, `exception`, `exit-code`. */
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  /** Slurm's own word. */
  token: z.string().nullable(),
  /** Of a code of the error table: what its words were filled from, so that a page can offer ways on. */
  details: obstacleSchema.shape.details.optional()
});

/** A value of a finished task that has come home: absolute paths on this machine. */
export const homeVariableSchema = z.object({
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  format: z.string().nullable(),
  files: z.array(z.object({ role: z.string(), path: z.string() })),
  /** Null: it is here, to be bound. Otherwise why not. */
  reason: z.string().nullable(),
  /** `large`: whole on the target, fetched by a click; `withheld`: `files` are here, loaded by a person's word. */
  kept: z.enum(['large', 'withheld']).nullable().optional(),
  /** Of a kept one: what a handle of it in the kernel asks for. */
  from: z.object({ task: z.string(), target: z.string() }).optional()
});

/** What a run took; null where neither the worker nor the scheduler knows. */
export const usageSchema = z.object({
  elapsedSeconds: z.number().nonnegative().nullable(),
  cpuSeconds: z.number().nonnegative().nullable(),
  peakBytes: z.number().nonnegative().nullable(),
  /** What the job had. */
  cpus: z.number().positive().nullable(),
  memoryBytes: z.number().positive().nullable()
});

/** A start of the job that is over since another one followed. */
export const formerAttemptSchema = z.object({
  attempt: z.number().int().nonnegative(),
  node: z.string().nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number(),
  reason: reasonSchema.nullable(),
  usage: usageSchema.nullable()
});

/** What a person may decide about a task of which it is not known what became of it. */
export const CHOICES = ['look', 'give-up', 'run-again'] as const;

/** A task as clients see it; the service computes it, nobody else. */
export const taskSchema = z.object({
  id: z.string(),
  requestId: z.string(),
  kind: z.enum(['cell', 'script']),
  /** It only tries whether all that is needed travels: its outputs belong into no cell. */
  rehearsal: z.boolean().default(false),
  origin: originSchema.nullable(),
  /** First line of the source, for lists. */
  title: z.string(),
  sourceSha256: z.string(),
  target: z.string(),
  scheduler: z.enum(['slurm', 'process']),
  resources: resourcesSchema,
  phase: z.enum(PHASES),
  publicPhase: z.enum(PUBLIC_PHASES),
  uncertain: z.boolean(),
  reason: reasonSchema.nullable(),
  /** What is being done within the phase, such as “sending 3 files”; for the cell's line. */
  progress: z.string().nullable(),
  jobId: z.string().nullable(),
  attempt: z.number().int().nonnegative(),
  /** What the cell’s or script’s own process would have ended with; null: not known. */
  exitCode: z.number().int().nullable(),
  node: z.string().nullable(),
  cancelRequested: z.boolean(),
  /** Milliseconds since the epoch here; null: not yet. */
  submittedAt: z.number(),
  queuedAt: z.number().nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Index of the newest stored event; 0: none. */
  lastIndex: z.number().int().nonnegative(),
  variables: z.array(homeVariableSchema),
  /** Files that it wrote or changed; null: it has not ended, or wrote none. */
  files: fileSummarySchema.nullable().default(null),
  /** What preparing it found to be worth a person's look. */
  notes: z.array(noteSchema).default([]),
  usage: usageSchema.nullable().default(null),
  /** Earlier starts of the same job, the first one first. */
  formerAttempts: z.array(formerAttemptSchema).default([]),
  /** It was ended before its end, and brought home what it had by then. */
  isPartial: z.boolean().default(false),
  /** When the scheduler expects it to start, as ISO 8601. */
  estimatedStart: z.string().nullable().default(null),
  /** While it is uncertain: when Sluice looks next. */
  nextCheckAt: z.number().nullable().default(null),
  choices: z.array(z.enum(CHOICES)).default([]),
  /** Some of its outputs bear no valid seal of its worker. */
  hasUnverified: z.boolean().default(false),
  /** Found on the target without a record here, and taken over: the host that had submitted it. */
  adoptedFrom: z.string().nullable().default(null),
  /** The task's own directory on the target; null before the submit. */
  directory: z.string().nullable()
});

export type Origin = z.infer<typeof originSchema>;
export type Reason = z.infer<typeof reasonSchema>;
export type HomeVariable = z.infer<typeof homeVariableSchema>;
export type Usage = z.infer<typeof usageSchema>;
export type FormerAttempt = z.infer<typeof formerAttemptSchema>;
export type Choice = (typeof CHOICES)[number];
export type Task = z.infer<typeof taskSchema>;
