import { z } from 'zod';

/** Formats a value can travel in; all but `pickle` are typed and hold no code. */
export const VALUE_FORMATS = ['json', 'npy', 'arrow', 'frame', 'pickle'] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One file of a value: `role` says which (the format's own name, `buffer:0`, `column:0`, …). */
export const blobSchema = z.object({
  role: z.string(),
  sha256,
  bytes: z.number().int().nonnegative()
});

export const valueSchema = z.object({
  name: z.string(),
  /** The Python type's qualified name, for a person. */
  type: z.string(),
  bytes: z.number().int().nonnegative(),
  format: z.enum(VALUE_FORMATS),
  blobs: z.array(blobSchema),
  why: z.string()
});

/**
 * A kernel name that is only an import: `name` is bound to `module`, or to its `attribute`. A dotted
 * `name` (`concurrent.futures`) binds nothing: the module is imported so that its package has it.
 */
export const importSchema = z.object({
  name: z.string(),
  module: z.string(),
  attribute: z.string().nullable()
});

export const leftOutSchema = z.object({
  kind: z.enum(['variable', 'module', 'file', 'package', 'name']),
  name: z.string(),
  reason: z.string()
});

/** Something that forbids the run, found while asking the kernel; `code` is of the error table. */
export const obstacleSchema = z.object({
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
});

/** The kernel's answer: what the cell reads, where it comes from, what was written for it. */
export const captureSchema = z.object({
  version: z.literal(1),
  language: z.string(),
  python: z
    .object({
      version: z.string(),
      executable: z.string(),
      prefix: z.string(),
      implementation: z.string(),
      platform: z.string(),
      machine: z.string()
    })
    .nullable(),
  host: z.string(),
  /** What the kernel read from the service's nonce file; null: it could not. */
  nonce: z.string().nullable(),
  cwd: z.string(),
  /** The kernel's `sys.path`, made absolute, in order; then folders that import hooks serve. */
  sysPath: z.array(z.string()),
  /** Folders of installed distributions and of the standard library: nothing below them travels. */
  installedRoots: z.array(z.string()),
  reads: z.array(z.string()),
  imports: z.array(importSchema),
  /** Dotted names of modules that the cell or a captured value needs: where following starts. */
  modules: z.array(z.string()),
  values: z.array(valueSchema),
  leftOut: z.array(leftOutSchema),
  obstacles: z.array(obstacleSchema),
  /** Value formats that the kernel can read back. */
  accepts: z.array(z.enum(VALUE_FORMATS))
});

export type Blob = z.infer<typeof blobSchema>;
export type Value = z.infer<typeof valueSchema>;
export type ImportedName = z.infer<typeof importSchema>;
export type LeftOut = z.infer<typeof leftOutSchema>;
export type Obstacle = z.infer<typeof obstacleSchema>;
export type Capture = z.infer<typeof captureSchema>;
