import { z } from 'zod';
import { leftOutSchema, noteSchema } from './capture';
import { rehearsalSchema } from './rehearsal';
import { resourcesSchema } from './resources';

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
  /** `forbids`: a run is refused for it; the others merely stay here. */
  leftOut: z.array(leftOutSchema.extend({ forbids: z.boolean().optional() })),
  /** Large files that the code reads and of which nobody said whether they travel; in `leftOut` too. */
  undecided: z
    .array(z.object({ path: z.string(), bytes: z.number(), why: z.string() }))
    .default([]),
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
