import { publicPhase } from '../../shared/phases';
import { CHOICES, type Task } from '../../shared/wire/task';
import type { TaskRecord } from './task-record';

/** A record as clients see it. */
export function toTask(record: TaskRecord, lastIndex: number): Task {
  const { place } = record;
  return {
    id: record.id,
    requestId: record.requestId,
    kind: record.kind,
    rehearsal: record.rehearsal,
    origin: record.origin,
    title: record.title,
    sourceSha256: record.sourceSha256,
    target: record.target,
    scheduler: place?.scheduler ?? 'slurm',
    resources: record.resources,
    phase: record.phase,
    publicPhase: publicPhase(record.phase, record.lastPublic),
    uncertain: record.phase === 'unknown',
    reason: record.reason,
    progress: record.progress,
    jobId: record.jobId,
    attempt: record.attempt,
    exitCode: record.end?.exitCode ?? null,
    node: record.node,
    cancelRequested: record.cancelRequested,
    submittedAt: record.submittedAt,
    queuedAt: record.queuedAt,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    lastIndex,
    variables: record.variables,
    files: record.files,
    notes: record.notes,
    usage: record.usage,
    formerAttempts: record.formerAttempts,
    isPartial: record.isPartial,
    estimatedStart: record.estimatedStart,
    nextCheckAt: record.nextCheckAt,
    choices: record.phase === 'unknown' ? [...CHOICES] : [],
    hasUnverified: record.hasUnverified,
    adoptedFrom: record.adoptedFrom,
    directory: place === null ? null : `${place.root}/runs/${record.id}`
  };
}
