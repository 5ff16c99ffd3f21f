import { z } from 'zod';

/** Where a file that a task wrote is now. */
export const FILE_STATES = [
  /** On the target only. */
  'there',
  /** On its way. */
  'fetching',
  /** Here, at its own place beside the notebook. */
  'home',
  /** Here, beside the place that it belongs to, since that one changed here meanwhile. */
  'beside',
  /** The person does not want it: the cleaner may take it. */
  'dismissed',
  /** On the target, and fetched as a part of all that the task left: what became of that is the person's. */
  'taken',
  /** It was there and is no more. */
  'gone',
  /** Its name or kind may not come here; `problem` says why. */
  'refused'
] as const;

export const taskFileSchema = z.object({
  /** As seen from the notebook's folder on the target; may begin with `../`. */
  path: z.string(),
  bytes: z.number().int().nonnegative(),
  kind: z.enum(['picture', 'table', 'log', 'text', 'checkpoint', 'archive', 'other']),
  /** Written over something that had travelled, or new. */
  isNew: z.boolean(),
  state: z.enum(FILE_STATES),
  /** Absolute path here. */
  localPath: z.string().nullable(),
  /** Why it stayed there or could not come, in words. */
  reason: z.string().nullable()
});

/** What stands in a task about its files. */
export const fileSummarySchema = z.object({
  count: z.number().int().nonnegative(),
  bytes: z.number().nonnegative(),
  home: z.number().int().nonnegative(),
  there: z.number().int().nonnegative(),
  /** Fetched as a part of all that the task left. */
  taken: z.number().int().nonnegative().optional(),
  /** Neither fetched nor dismissed: the cleaner asks before it takes the run. */
  pinned: z.boolean()
});

/** `GET /api/files/{id}?offset=&limit=`. */
export const fileListSchema = z.object({
  summary: fileSummarySchema,
  files: z.array(taskFileSchema),
  nextOffset: z.number().int().nullable()
});

/**
 * Body of `POST /api/files/{id}`: null paths mean all that are still there. `look` changes nothing:
 * the answer has the files that are named.
 */
export const fileActionSchema = z.object({
  action: z.enum(['fetch', 'dismiss', 'cancel', 'look']),
  paths: z.array(z.string()).nullable(),
  /** A folder here to put them into; null: their places beside the notebook. */
  into: z.string().nullable().default(null)
});

export type TaskFile = z.infer<typeof taskFileSchema>;
export type FileState = TaskFile['state'];
export type FileSummary = z.infer<typeof fileSummarySchema>;
export type FileList = z.infer<typeof fileListSchema>;
export type FileAction = z.infer<typeof fileActionSchema>;
