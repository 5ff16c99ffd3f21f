import { z } from 'zod';
import { leftOutSchema, noteSchema } from './capture';
import { resourcesSchema } from './resources';

/** What the captured bundle did when it ran here, in a fresh process without the notebook's folder. */
export const rehearsalSchema = z.object({
  /** It ran to its end and needed nothing that does not travel. */
  ok: z.boolean(),
  seconds: z.number(),
  /** What it opened, imported or called although that does not travel; `line` is of the cell. */
  uncaptured: z.array(
    z.object({
      kind: z.enum(['file', 'module', 'host']),
      name: z.string(),
      line: z.number().nullable()
    })
  ),
  /** What ended it early; null: it came to its end. */
  stopped: z
    .enum(['missing', 'cluster-path', 'gpu', 'time', 'exception', 'canceled'])
    .nullable()
    .default(null),
  /** How far it got and what to do, for a person. */
  message: z.string().nullable().default(null),
  /** The task that ran it: its events hold the outputs. */
  task: z.string().nullable().default(null),
  /** Its outputs in notebook format, apart from the cell's own. */
  outputs: z.array(z.record(z.string(), z.unknown())).default([])
});

/** What a dry run shows (`application/vnd.sluice.plan+json`). */
export const planSchema = z.object({
  version: z.literal(1),
  target: z.string(),
  resources: resourcesSchema,
  environment: z.record(z.string(), z.unknown()),
  /** `sha256:` and the hash of the manifest. */
  manifest: z.string(),
  cell: z.object({ id: z.string().nullable(), sha256: z.string() }),
  modules: z.array(
    z.object({
      /** Relative to its import root. */
      path: z.string(),
      root: z.string(),
      module: z.string(),
      bytes: z.number(),
      sha256: z.string(),
      why: z.string()
    })
  ),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), why: z.string() })),
  variables: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      bytes: z.number(),
      format: z.string(),
      why: z.string()
    })
  ),
  packages: z.array(z.object({ name: z.string(), version: z.string(), why: z.string() })),
  leftOut: z.array(leftOutSchema),
  /** What is worth a look: a module edited since its import, a path that was found there. */
  notes: z.array(noteSchema),
  script: z.string(),
  submit: z
    .object({
      accepted: z.boolean(),
      estimatedStart: z.string().nullable(),
      message: z.string().nullable(),
      /** The start of a job that asks for less; null: not asked, or no sooner. */
      smaller: z
        .object({ resources: resourcesSchema, estimatedStart: z.string().nullable() })
        .nullable()
        .default(null)
    })
    .nullable(),
  transfer: z.object({ files: z.number(), bytes: z.number() }),
  rehearsal: rehearsalSchema.nullable()
});

export type Plan = z.infer<typeof planSchema>;
export type Rehearsal = z.infer<typeof rehearsalSchema>;
