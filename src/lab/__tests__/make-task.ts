import type { TaskEvent, WorkerEvent } from '../../shared/wire/events';
import type { Task } from '../../shared/wire/task';

/** A queued task of cell `cell-1` in `work.ipynb`, changed as asked. */
export function makeTask(changes: Partial<Task> = {}): Task {
  return {
    id: 'task-1',
    requestId: 'request-1',
    kind: 'cell',
    rehearsal: false,
    origin: { notebookPath: 'work.ipynb', cellId: 'cell-1', kernelId: 'kernel-1' },
    title: 'print(1)',
    sourceSha256: '0'.repeat(64),
    target: 'testbed',
    scheduler: 'slurm',
    resources: {},
    phase: 'queued',
    publicPhase: 'pending',
    uncertain: false,
    reason: null,
    progress: null,
    jobId: '42',
    attempt: 0,
    exitCode: null,
    node: null,
    cancelRequested: false,
    submittedAt: 1_000_000,
    queuedAt: 1_000_000,
    startedAt: null,
    endedAt: null,
    lastIndex: 0,
    variables: [],
    files: null,
    notes: [],
    usage: null,
    formerAttempts: [],
    isPartial: false,
    estimatedStart: null,
    nextCheckAt: null,
    choices: [],
    hasUnverified: false,
    adoptedFrom: null,
    directory: null,
    ...changes
  };
}

/** Events of `task-1`, numbered from `first`. */
export function makeEvents(events: readonly WorkerEvent[], first = 1): TaskEvent[] {
  return events.map((event, offset) => ({
    task: 'task-1',
    index: first + offset,
    attempt: 0,
    seq: first + offset,
    ...event
  }));
}

/** A line of standard output. */
export function stdout(text: string): WorkerEvent {
  return { type: 'stream', data: { name: 'stdout', text } };
}
