import { z } from 'zod';
import { connectionSchema } from './connection';
import { taskEventSchema } from './events';
import { limitsSchema } from './limits';
import { promptSchema } from './prompt';
import { resourcesSchema } from './resources';
import { taskSchema } from './task';

export { errorBodySchema, type ErrorBody } from './error-body';

/** `GET /health`. */
export const healthSchema = z.object({
  version: z.string(),
  /** Raised when REST or frames change incompatibly. */
  protocol: z.number().int(),
  pid: z.number().int(),
  configPath: z.string(),
  statePath: z.string(),
  logPath: z.string(),
  draining: z.boolean()
});

/** `GET /api/targets`. */
export const targetsSchema = z.object({
  default: z.string(),
  targets: z.array(
    z.object({
      name: z.string(),
      scheduler: z.enum(['slurm', 'process']),
      host: z.string().nullable(),
      trust: z.enum(['none', 'outputs', 'pickles']),
      resources: resourcesSchema,
      /** Nobody was asked yet how far this target is trusted: ask before the first submit. */
      asksTrust: z.boolean().optional(),
      /** `built-in`, or the file that defines it. */
      source: z.string(),
      /** Null: nothing has been asked of it yet. */
      connection: connectionSchema.nullable().default(null),
      /** Null: the doctor has not been there within a day. */
      limits: limitsSchema.nullable().default(null)
    })
  ),
  /** Hosts that the person's SSH configuration names. */
  aliases: z
    .array(
      z.object({ alias: z.string(), hostName: z.string().nullable(), user: z.string().nullable() })
    )
    .default([])
});

/** `GET /api/capture-kit`: what a front end needs to ask a kernel. */
export const captureKitSchema = z.object({
  /** Python that, executed in the kernel, defines nothing visible and gives access to the kernel helper. */
  snippet: z.string(),
  /** Directory for blobs, shared with the service. */
  spool: z.string(),
  noncePath: z.string(),
  maxVariableBytes: z.number(),
  /** The target that was asked for, or the default one. */
  target: z.string().nullable().default(null),
  /** A person is to say how far it is trusted before something is submitted to it. */
  asksTrust: z.boolean().default(false),
  /** This machine is a login node: ask before something is rehearsed here. */
  rehearsalNeedsConsent: z.boolean().default(false)
});

/** `GET /api/events/{id}?after=&waitMs=`: one batch, for clients without WebSocket. */
export const eventBatchSchema = z.object({
  task: taskSchema,
  events: z.array(taskEventSchema),
  /** Open prompts of any host, for clients without WebSocket. */
  prompts: z.array(promptSchema).default([]),
  /** Changes with the task and with what is open: a client gives it back as `known` to wait for news. */
  revision: z.number().default(0)
});

export const taskListSchema = z.object({ tasks: z.array(taskSchema) });

export type Health = z.infer<typeof healthSchema>;
export type Targets = z.infer<typeof targetsSchema>;
export type CaptureKit = z.infer<typeof captureKitSchema>;
export type EventBatch = z.infer<typeof eventBatchSchema>;

/** Raised when REST or frames change incompatibly; an older service is asked to leave. */
export const PROTOCOL = 1;
