import type { SubmitRequest } from '../../shared/wire/submit';
import type { TaskRecord } from '../store/task-record';
import { sha256 } from '../sync/sha256';

const TITLE_LENGTH = 80;

function sourceOf({ payload }: SubmitRequest): string {
  return payload.kind === 'cell' ? payload.source : payload.path;
}

function titleOf(source: string): string {
  const line = source.split('\n').find(text => text.trim() !== '' && !text.startsWith('%%')) ?? '';
  return line.trim().slice(0, TITLE_LENGTH);
}

/** A task as it begins: nothing is known yet but the request. */
export function newTask(id: string, request: SubmitRequest, nowMs: number): TaskRecord {
  const source = sourceOf(request);
  return {
    id,
    requestId: request.requestId,
    kind: request.payload.kind,
    rehearsal: request.rehearsal,
    origin: request.origin,
    title: titleOf(source),
    sourceSha256: sha256(source),
    target: request.target ?? '',
    resources: request.resources,
    phase: 'preparing',
    lastPublic: 'pending',
    reason: null,
    progress: null,
    place: null,
    handOver: null,
    jobId: null,
    attempt: 0,
    node: null,
    cancelRequested: false,
    submittedAt: nowMs,
    queuedAt: null,
    startedAt: null,
    endedAt: null,
    end: null,
    outcome: null,
    results: [],
    variables: [],
    files: null,
    notes: [],
    eventKey: null,
    usage: null,
    formerAttempts: [],
    isPartial: false,
    estimatedStart: null,
    nextCheckAt: null,
    hasUnverified: false,
    adoptedFrom: null
  };
}
