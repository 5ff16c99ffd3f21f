import { z } from 'zod';
import { type RunNote, runNoteSchema } from '../../shared/wire/adopt';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { RunFolder } from './run-list-script';

const specSchema = z.object({
  kind: z.enum(['cell', 'script']),
  source: z.string(),
  cwd: z.string(),
  arguments: z.array(z.string()),
  outputs: z.array(z.string()).nullable(),
  eventKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
});
const ownerSchema = z.object({ jobId: z.string().min(1) });
const endSchema = z.object({ status: z.enum(['ok', 'error', 'terminated', 'time-up']) });

/** What a run's folder says, read and checked. */
export type Run = {
  id: string;
  note: RunNote;
  payload: SubmitRequest['payload'];
  /** Below `work/`, where it runs. */
  cwd: string;
  eventKey: string | null;
  jobId: string | null;
  endStatus: z.infer<typeof endSchema>['status'] | null;
};

function parse<T>(text: string | null, schema: z.ZodType<T>): T | null {
  if (text === null) {
    return null;
  }
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The run, or why nothing can be made of its folder, in words. */
export function readRun(folder: RunFolder): Run | string {
  const note = parse(folder.note, runNoteSchema);
  const spec = parse(folder.spec, specSchema);
  if (note === null) {
    return folder.note === null
      ? 'it has no run.json: an older version of Sluice submitted it'
      : 'its run.json cannot be read';
  }
  if (note.task !== folder.id) {
    return `its run.json is that of ${note.task}`;
  }
  if (spec === null) {
    return 'its spec.json cannot be read';
  }
  return {
    id: folder.id,
    note,
    payload: payloadOf(spec, note),
    cwd: spec.cwd,
    eventKey: spec.eventKey ?? null,
    // A worker that began names its job also where the stub could not store the number.
    jobId: folder.jobId ?? parse(folder.owner, ownerSchema)?.jobId ?? null,
    endStatus: parse(folder.end, endSchema)?.status ?? null
  };
}

function payloadOf(spec: z.infer<typeof specSchema>, note: RunNote): SubmitRequest['payload'] {
  return spec.kind === 'cell'
    ? { kind: 'cell', source: spec.source, outputs: spec.outputs }
    : { kind: 'script', path: note.title, arguments: spec.arguments };
}
