import { z } from 'zod';
import { taskEventSchema } from './events';
import { promptSchema } from './prompt';
import { taskSchema } from './task';

/**
 * What a client sends on `/api/events`. Every connection is told of each change of any task;
 * events come only for tasks it subscribed to, first the stored ones after `after`, then live ones.
 */
export const clientFrameSchema = z.discriminatedUnion('frame', [
  z.object({
    frame: z.literal('subscribe'),
    task: z.string(),
    after: z.number().int().nonnegative()
  }),
  z.object({ frame: z.literal('unsubscribe'), task: z.string() }),
  /** Ask for (or renew, at least every 15 s) the right to write this task's outputs into its cell. */
  z.object({ frame: z.literal('lease'), task: z.string() }),
  /** This client shows prompts to a person. */
  z.object({ frame: z.literal('shows-prompts') })
]);

/** What the service sends on `/api/events`. */
export const serviceFrameSchema = z.discriminatedUnion('frame', [
  z.object({ frame: z.literal('task'), task: taskSchema }),
  z.object({ frame: z.literal('event'), event: taskEventSchema }),
  /** Answer to `lease`: whether this connection may write. */
  z.object({ frame: z.literal('lease'), task: z.string(), held: z.boolean() }),
  /** A login asks something; also sent for each open prompt when a client connects. */
  promptSchema.extend({ frame: z.literal('prompt') }),
  /** It was answered, given up, or its time is over. */
  z.object({ frame: z.literal('prompt-closed'), id: z.string() }),
  /** A connection or what is known of a target changed: `GET /api/targets` has it. */
  z.object({ frame: z.literal('targets') })
]);

export type ClientFrame = z.infer<typeof clientFrameSchema>;
export type ServiceFrame = z.infer<typeof serviceFrameSchema>;
