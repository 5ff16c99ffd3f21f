import type { TaskEvent } from '../../shared/wire/events';
import type { Task } from '../../shared/wire/task';

/** A task that runs, with what matters to a spec. */
export function makeTask(given: Partial<Task> = {}): Task {
  return {
    id: 'sl-1',
    requestId: 'request-1',
    kind: 'cell',
    rehearsal: false,
    origin: null,
    title: 'print(1)',
    sourceSha256: '0'.repeat(64),
    target: 'here',
    scheduler: 'process',
    resources: {},
    phase: 'running',
    publicPhase: 'running',
    uncertain: false,
    reason: null,
    progress: null,
    jobId: '12',
    attempt: 0,
    exitCode: null,
    node: null,
    cancelRequested: false,
    submittedAt: 0,
    queuedAt: null,
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
    ...given
  };
}

/** A line that a task printed. */
export function makeEvent(index: number, text = `line ${index}\n`, task = 'sl-1'): TaskEvent {
  return {
    task,
    index,
    attempt: 0,
    seq: index,
    type: 'stream',
    data: { name: 'stdout', text }
  };
}
