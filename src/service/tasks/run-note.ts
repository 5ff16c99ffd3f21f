import type { RunNote } from '../../shared/wire/adopt';
import type { Place, TaskRecord } from '../store/task-record';

/** The text of `run.json`: what another Sluice needs to take the task over. `host`: this machine. */
export function buildRunNote(record: TaskRecord, place: Place, host: string): string {
  const note: RunNote = {
    version: 1,
    task: record.id,
    requestId: record.requestId,
    kind: record.kind,
    rehearsal: record.rehearsal,
    origin: record.origin,
    title: record.title,
    sourceSha256: record.sourceSha256,
    target: record.target,
    scheduler: place.scheduler,
    resources: record.resources,
    submittedAt: record.submittedAt,
    host,
    python: place.python,
    setup: place.setup
  };
  return JSON.stringify(note);
}
