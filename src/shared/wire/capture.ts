import { z } from 'zod';

/** Formats a value can travel in; all but `pickle` and `dill` are typed and hold no code. */
export const VALUE_FORMATS = [
  'json',
  'npy',
  'arrow',
  'frame',
  'safetensors',
  'pickle',
  'dill'
] as const;

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

/** Something worth a person's look; `kind` says of what it is. */
export const noteSchema = z.object({
  kind: z.enum(['variable', 'module', 'file', 'package', 'name']),
  name: z.string(),
  text: z.string()
});

/** Python that a name stands for, as it was typed. */
export const sourceSchema = z.object({ name: z.string(), source: z.string() });

/** A loaded module; `isChanged`: what lies on disk now is not what the kernel runs. */
export const loadedSchema = z.object({
  module: z.string(),
  file: z.string(),
  isChanged: z.boolean()
});

/** A module by an import hook: its file, or for a namespace package its folders alone. */
export const hookedSchema = z.object({
  module: z.string(),
  file: z.string().nullable(),
  folders: z.array(z.string())
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
  /** The kernel's `sys.path`, made absolute, in order; what import hooks serve is in `hooked`. */
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
  /** Things that forbid nothing but that a person wants to know before the queue. */
  notes: z.array(noteSchema).default([]),
  /**
   * Strings and paths that the names read hold, and numbers as text: through them the code names
   * data files. `name` has all in its value, also inside lists, tuples and dicts (at most 1000);
   * parts that code can spell have keys of their own, at any depth: `name.attribute`,
   * `name['key']` and `name[1]` (keys as Python's `repr`), also for the person's own objects and
   * modules. What a function has closed over is under its variable's name.
   */
  constants: z.record(z.string(), z.array(z.string())).default({}),
  /**
   * The text of each function and class of the notebook that travels, by qualified name, and of
   * each script of `%run`, as `%run PATH` with the path as it was typed.
   */
  sources: z.array(sourceSchema).default([]),
  /** What the kernel has loaded from places that are not installed. */
  loaded: z.array(loadedSchema).default([]),
  /** What the kernel's import hooks answer where `sysPath` alone would not tell. */
  hooked: z.array(hookedSchema).default([]),
  /** Names bound to a value that lies on a target whole (`sluice.RemoteValue`): used there in place. */
  handles: z
    .array(z.object({ name: z.string(), task: z.string(), variable: z.string(), why: z.string() }))
    .default([]),
  /** Cells that run there before the cell, in order, in place of values that are too large. */
  prelude: z.array(sourceSchema).default([]),
  /** Value formats that the kernel can read back. */
  accepts: z.array(z.enum(VALUE_FORMATS))
});

export type Blob = z.infer<typeof blobSchema>;
export type Value = z.infer<typeof valueSchema>;
export type ImportedName = z.infer<typeof importSchema>;
export type LeftOut = z.infer<typeof leftOutSchema>;
export type Obstacle = z.infer<typeof obstacleSchema>;
export type Note = z.infer<typeof noteSchema>;
export type NamedSource = z.infer<typeof sourceSchema>;
export type LoadedModule = z.infer<typeof loadedSchema>;
export type HookedModule = z.infer<typeof hookedSchema>;
export type Capture = z.infer<typeof captureSchema>;
