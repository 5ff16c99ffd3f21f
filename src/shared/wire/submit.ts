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

/** Body of `POST /api/submit` and of `POST /api/plan`. */
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
  capture: captureSchema.nullable()
});

export type SubmitRequest = z.infer<typeof submitSchema>;
