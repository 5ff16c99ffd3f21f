import { z } from 'zod';
import { CHOICES, taskSchema } from './task';

/**
 * Body of `POST /api/resolve/{id}`, for a task that is `unknown`. `look`: ask the target now. `give-up`: make
 * sure on the target that no job of this task can ever run user code, cancel what there is, and end it as
 * canceled. `run-again`: the same, then submit it anew. The answer is the task, or the new one.
 */
export const resolveSchema = z.object({ choice: z.enum(CHOICES) });

/** Body of `POST /api/cancel`: many at once; null ids: every task that has not ended. */
export const cancelManySchema = z.object({ ids: z.array(z.string()).max(10_000).nullable() });
export const canceledSchema = z.object({ tasks: z.array(taskSchema) });

/** Body of `POST /api/consent`: the person read what this project file asks for, and allows it. */
export const consentSchema = z.object({
  path: z.string(),
  /** Of the file's bytes as they were shown; other bytes need another word. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/)
});

/** Body of `POST /api/trust/{target}`: the person's answer, asked once before the first submit. The answer says where it is kept. */
export const trustSchema = z.object({
  trust: z.enum(['none', 'outputs', 'pickles']),
  projectDir: z.string().nullable().default(null)
});

export const trustedSchema = z.object({
  target: z.string(),
  trust: z.enum(['none', 'outputs', 'pickles']),
  /** The file that has it now. */
  path: z.string()
});

/**
 * Body of `POST /api/values/{id}`: bring a kept value here; `load` is the person's word for a withheld one. The answer
 * is the value as an entry of `Task.variables`, to be restored: its files are here, and nothing is held against it.
 */
export const valueSchema = z.object({ name: z.string(), load: z.boolean().default(false) });

export type Resolve = z.infer<typeof resolveSchema>;
export type CancelMany = z.infer<typeof cancelManySchema>;
export type Consent = z.infer<typeof consentSchema>;
export type TrustAnswer = z.infer<typeof trustSchema>;
export type Trusted = z.infer<typeof trustedSchema>;
export type ValueRequest = z.infer<typeof valueSchema>;
