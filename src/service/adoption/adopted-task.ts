import { submitSchema, type SubmitRequest } from '../../shared/wire/submit';
import type { Place, TaskRecord } from '../store/task-record';
import type { Target } from '../targets/target';
import { newTask } from '../tasks/new-task';
import type { Run } from './read-run';

export type AdoptedTask = {
  record: TaskRecord;
  request: SubmitRequest;
  place: Place;
  target: Target;
  /** Below `work/`, where it runs. */
  cwd: string;
};

/**
 * A run as a task of this service, from where nothing of it is known here: its lines are read from the
 * first one on, and the verdict on it comes as on any other. A run of which no job is known is looked for.
 */
export function adoptedTask(run: Run, target: Target, root: string): AdoptedTask {
  const { id, note, payload, eventKey, jobId } = run;
  const { host, sshConfig } = target;
  const { scheduler, python, setup } = note;
  const { trust } = target;
  const place: Place = { scheduler, host, sshConfig, root, python, setup, trust };
  const request = submitSchema.parse({
    requestId: note.requestId,
    target: target.name,
    resources: note.resources,
    payload,
    origin: note.origin,
    projectDir: null,
    capture: null,
    rehearsal: note.rehearsal
  });
  const record: TaskRecord = {
    ...newTask(id, request, note.submittedAt),
    title: note.title,
    sourceSha256: note.sourceSha256,
    target: target.name,
    phase: jobId === null ? 'unknown' : 'queued',
    place,
    jobId,
    queuedAt: jobId === null ? null : note.submittedAt,
    eventKey,
    adoptedFrom: note.host
  };
  return { record, request, place, target, cwd: run.cwd };
}
