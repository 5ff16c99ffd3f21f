import { z } from 'zod';
import { findingSchema } from './rehearsal';

const mimeBundle = z.record(z.string(), z.unknown());
const transient = z.object({ display_id: z.string().optional() }).loose();

/** A representation that is too large for an event: a file in `outputs/` beside `events.jsonl`. */
export const spilledSchema = z.object({
  mime: z.string(),
  /** The hash of its bytes, which is its name there. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  /** What the bytes are: UTF-8 text, JSON, or what base 64 stands for in a notebook. */
  form: z.enum(['text', 'json', 'base64'])
});
const spilled = z.array(spilledSchema).optional();

const started = z.object({
  type: z.literal('started'),
  data: z.object({
    python: z.string(),
    host: z.string(),
    pid: z.number().int(),
    jobId: z.string(),
    /** Seconds since the epoch on the cluster. */
    at: z.number(),
    /** When the job's time is over, likewise; null: the worker cannot tell. */
    endsAt: z.number().nullable().default(null)
  })
});
const stream = z.object({
  type: z.literal('stream'),
  data: z.object({ name: z.enum(['stdout', 'stderr']), text: z.string() })
});
const displayData = z.object({
  type: z.literal('display_data'),
  data: z.object({ data: mimeBundle, metadata: mimeBundle, transient, spilled })
});
const updateDisplayData = z.object({
  type: z.literal('update_display_data'),
  data: z.object({ data: mimeBundle, metadata: mimeBundle, transient, spilled })
});
const clearOutput = z.object({
  type: z.literal('clear_output'),
  data: z.object({ wait: z.boolean() })
});
const executeResult = z.object({
  type: z.literal('execute_result'),
  data: z.object({ data: mimeBundle, metadata: mimeBundle, spilled })
});
const error = z.object({
  type: z.literal('error'),
  data: z.object({ ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) })
});
/** From here on text is in a file beside `events.jsonl` alone; said again at the end, with its size. */
const overflow = z.object({
  type: z.literal('overflow'),
  data: z.object({
    path: z.literal('overflow.log'),
    bytes: z.number().int().nonnegative().nullable()
  })
});
/** The job was told that it will have to leave: the cell gets `sluice.TimeUp`, then what is there is saved. */
const notice = z.object({
  type: z.literal('notice'),
  data: z.object({
    cause: z.enum(['time-limit', 'asked']),
    /** Until the job is ended by force; null: not known. */
    secondsLeft: z.number().nullable()
  })
});
const metric = z.object({
  type: z.literal('metric'),
  data: z.object({ name: z.string(), value: z.number(), step: z.number().nullable() })
});

/** A name that the cell bound: coming home (`files` in the attempt's `results/`) or left there with a reason. */
export const resultVariableSchema = z.object({
  name: z.string(),
  type: z.string(),
  bytes: z.number().int().nonnegative(),
  format: z.enum(['json', 'npy', 'arrow', 'frame', 'safetensors', 'pickle']).nullable(),
  files: z.array(
    z.object({
      role: z.string(),
      path: z.string(),
      sha256: z.string(),
      bytes: z.number().int().nonnegative()
    })
  ),
  /** Null: it comes home and is bound by itself. Otherwise why not. */
  reason: z.string().nullable(),
  /**
   * Whole all the same: `large` values lie in `results/` there, for later cells and for whoever asks for them;
   * `withheld` ones are pickles that wait for a person's word. Null: as `reason` says.
   */
  kept: z.enum(['large', 'withheld']).nullable().default(null)
});
const variable = z.object({ type: z.literal('variable'), data: resultVariableSchema });
const file = z.object({
  type: z.literal('file'),
  data: z.object({
    /** As seen from the folder in which the task ran; may begin with `../`. */
    path: z.string(),
    bytes: z.number().int().nonnegative(),
    /** Seconds since the epoch on the cluster. */
    modifiedAt: z.number().nullable().default(null),
    isNew: z.boolean().default(true),
    /** Why it cannot be fetched, such as a symbolic link; null: it can. */
    problem: z.string().nullable().default(null)
  })
});
/** All files that a task wrote or changed, once, after the first of them were told one by one. */
const files = z.object({
  type: z.literal('files'),
  data: z.object({
    count: z.number().int().nonnegative(),
    bytes: z.number().nonnegative(),
    /** Name of the list beside `events.jsonl`; null: it could not be written. */
    list: z.string().nullable(),
    /** How many were told one by one. */
    listed: z.number().int().nonnegative(),
    /** False: there was no time to look at all. */
    isWhole: z.boolean()
  })
});
const rehearsal = z.object({ type: z.literal('rehearsal'), data: findingSchema });
const finished = z.object({
  type: z.literal('finished'),
  data: z.object({
    status: z.enum(['ok', 'error', 'terminated', 'time-up']),
    /** Seconds since the epoch on the cluster. */
    at: z.number()
  })
});

/** What a worker says, one line of JSON each in `events.jsonl`. */
export const workerEventSchema = z.discriminatedUnion('type', [
  started,
  stream,
  displayData,
  updateDisplayData,
  clearOutput,
  executeResult,
  error,
  metric,
  variable,
  file,
  files,
  rehearsal,
  overflow,
  notice,
  finished
]);

/** A line of `events.jsonl`: `seq` counts from 1 within the attempt without gaps. */
export const workerLineSchema = z.intersection(
  z.object({
    seq: z.number().int().positive(),
    at: z.number(),
    /** Set by the service alone, once it has looked at the seal; see docs/architecture.md. */
    unverified: z.literal(true).optional()
  }),
  workerEventSchema
);

/** An event as the service stored it: `index` counts from 1 within the task, over all attempts. */
export const taskEventSchema = z.intersection(
  z.object({
    task: z.string(),
    index: z.number().int().positive(),
    attempt: z.number().int().nonnegative(),
    seq: z.number().int().positive(),
    /** The worker's seal is missing or wrong: it may be another's, and nothing in it is trusted. */
    unverified: z.literal(true).optional()
  }),
  workerEventSchema
);

export type WorkerEvent = z.infer<typeof workerEventSchema>;
export type WorkerLine = z.infer<typeof workerLineSchema>;
export type TaskEvent = z.infer<typeof taskEventSchema>;
export type Spilled = z.infer<typeof spilledSchema>;
export type ResultVariable = z.infer<typeof resultVariableSchema>;
