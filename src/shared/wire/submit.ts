import { z } from 'zod';
import { captureSchema } from './capture';
import { resourcesSchema } from './resources';
import { originSchema } from './task';

const cellPayload = z.object({
  kind: z.literal('cell'),
  source: z.string(),
  /** Names that must come back (`-o`); null: all that are new or changed. */
  outputs: z.array(z.string()).nullable()
});
const scriptPayload = z.object({
  kind: z.literal('script'),
  /** Absolute path here. */
  path: z.string(),
  arguments: z.array(z.string())
});

/** Body of `POST /api/submit`. */
export const submitSchema = z.object({
  /** The same request id is the same task. */
  requestId: z.string().min(8).max(100),
  /** Null: the target of the notebook, project, user or site. */
  target: z.string().nullable(),
  resources: resourcesSchema,
  payload: z.discriminatedUnion('kind', [cellPayload, scriptPayload]),
  origin: originSchema.nullable(),
  /** Where `sluice.toml` is looked for, upwards; absolute. */
  projectDir: z.string().nullable(),
  /** The kernel's answer; null: nothing but the source travels. */
  capture: captureSchema.nullable(),
  /** Data files by path or pattern that the person wants sent, or wants to stay. */
  files: z
    .object({ include: z.array(z.string()), exclude: z.array(z.string()) })
    .default({ include: [], exclude: [] }),
  /** What it writes: patterns that come home whatever the rules say; `none`: nothing by itself. */
  fetch: z
    .object({ include: z.array(z.string()), none: z.boolean() })
    .default({ include: [], none: false }),
  /** Run it to learn what is missing: under an audit hook, with a short limit of time. */
  rehearsal: z.boolean().default(false),
  /** The target whose run is rehearsed on another one; null: on its own. */
  rehearsalOf: z.string().nullable().default(null)
});

/** Body of `POST /api/plan`. */
export const planRequestSchema = submitSchema.extend({
  /** Only what this machine knows, at once: the target is not asked. */
  brief: z.boolean().default(false),
  /** Also run the captured bundle here; the answer comes when that has ended. */
  rehearse: z.boolean().default(false),
  /**
   * A saved notebook, where no kernel was asked: names that only a kernel could tell are in the plan
   * as unknown. Null: the capture is a kernel's.
   */
  notebook: z
    .object({
      /** The code cells above the cell, as they were typed. */
      cellsAbove: z.array(z.string()),
      /** Names that travel although the cell does not spell them, and names that stay. */
      include: z.array(z.string()).default([]),
      exclude: z.array(z.string()).default([])
    })
    .nullable()
    .default(null)
});

export type SubmitRequest = z.infer<typeof submitSchema>;
/** As a client writes it: what has a default may be absent. */
export type SubmitInput = z.input<typeof submitSchema>;
export type PlanRequest = z.infer<typeof planRequestSchema>;
export type PlanInput = z.input<typeof planRequestSchema>;
