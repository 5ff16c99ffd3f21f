import { z } from 'zod';
import { errorBodySchema } from './error-body';
import { limitsSchema } from './limits';

/** The steps, in their order. A later one is `skipped` when one that it needs has failed. */
export const DOCTOR_STEPS = [
  'configuration',
  'name',
  'port',
  'host-key',
  'login',
  'shell',
  'slurm',
  'accounting',
  'partitions',
  'disk',
  'mounts',
  'network',
  'python',
  'tools',
  'root',
  'job'
] as const;

export const doctorStepSchema = z.object({
  id: z.enum(DOCTOR_STEPS),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'passed', 'warning', 'failed', 'skipped']),
  /** What was found, in words: `Slurm 23.11.6`, `12 partitions, default cpu`. */
  found: z.string().nullable(),
  /** More lines for who looks closer. */
  details: z.array(z.string()).default([]),
  problem: errorBodySchema.shape.error.nullable(),
  seconds: z.number().nullable()
});

/** What the doctor would write for this target; null: nothing to improve. */
export const doctorProposalSchema = z.object({
  /** Name of the table, unless `save` gives another one. */
  name: z.string().optional(),
  /** The TOML of the table `[targets.NAME]`. */
  toml: z.string(),
  /** The file that it goes into: the user's own. */
  path: z.string(),
  /** Why each value, one line each. */
  reasons: z.array(z.string())
});

/** One run of the doctor: `POST /api/doctor`, then `GET /api/doctor/{id}?after=&waitMs=` for news. */
export const doctorReportSchema = z.object({
  id: z.string(),
  target: z.string(),
  host: z.string().nullable(),
  state: z.enum(['running', 'passed', 'failed', 'canceled']),
  /** Grows with each change. */
  version: z.number().int(),
  steps: z.array(doctorStepSchema),
  limits: limitsSchema.nullable(),
  proposal: doctorProposalSchema.nullable(),
  /** The file into which the proposal was written; null: not yet. */
  savedTo: z.string().nullable()
});

/** Body of `POST /api/doctor`. `target` may also be an alias of the SSH configuration, or `user@host:port`. */
export const doctorRequestSchema = z.object({
  target: z.string().min(1),
  projectDir: z.string().nullable().default(null),
  /** Of the Python that values come from, such as `3.11.7`; null: the one of this machine. */
  pythonVersion: z.string().nullable().default(null),
  /** Without its job: nothing is submitted. */
  withoutJob: z.boolean().default(false)
});

/** Body of `POST /api/doctor/{id}/save`. */
export const doctorSaveSchema = z.object({ name: z.string().regex(/^[\w.-]+$/) });

export type DoctorStep = z.infer<typeof doctorStepSchema>;
export type DoctorReport = z.infer<typeof doctorReportSchema>;
export type DoctorProposal = z.infer<typeof doctorProposalSchema>;
export type DoctorRequest = z.infer<typeof doctorRequestSchema>;
