/** Every phase a task can be in, in the order of an ordinary life. */
export const PHASES = [
  'preparing',
  'submitting',
  'queued',
  'running',
  'fetching',
  'completed',
  'failed',
  'canceled',
  'timed-out',
  'out-of-memory',
  'node-failed',
  'preempted',
  'unknown'
] as const;

export type Phase = (typeof PHASES)[number];

const ENDS = [
  'failed',
  'canceled',
  'timed-out',
  'out-of-memory',
  'node-failed',
  'unknown'
] as const;

/**
 * The task machine: from each phase, the phases that may follow. A phase without followers is
 * terminal. `preempted` goes back to the queue; `unknown` ends when evidence turns up.
 */
export const TRANSITIONS: Readonly<Record<Phase, readonly Phase[]>> = {
  preparing: ['submitting', 'failed', 'canceled'],
  submitting: ['queued', 'running', 'fetching', 'completed', ...ENDS],
  queued: ['running', 'fetching', 'completed', 'preempted', ...ENDS],
  running: ['queued', 'fetching', 'completed', 'preempted', ...ENDS],
  fetching: ['completed', ...ENDS],
  completed: [],
  failed: [],
  canceled: [],
  'timed-out': [],
  'out-of-memory': [],
  'node-failed': [],
  preempted: ['queued', 'running', 'fetching', 'completed', ...ENDS],
  unknown: [
    'queued',
    'running',
    'fetching',
    'completed',
    'failed',
    'canceled',
    'timed-out',
    'out-of-memory',
    'node-failed'
  ]
};

/** True when no other phase may follow. */
export function isTerminal(phase: Phase): boolean {
  return TRANSITIONS[phase].length === 0;
}

/** True when the table allows the step. */
export function canMove(from: Phase, to: Phase): boolean {
  return TRANSITIONS[from].includes(to);
}

export const PUBLIC_PHASES = ['pending', 'running', 'failed', 'completed', 'canceled'] as const;

export type PublicPhase = (typeof PUBLIC_PHASES)[number];

const PUBLIC: Readonly<Record<Exclude<Phase, 'unknown'>, PublicPhase>> = {
  preparing: 'pending',
  submitting: 'pending',
  queued: 'pending',
  preempted: 'pending',
  running: 'running',
  fetching: 'running',
  completed: 'completed',
  failed: 'failed',
  'timed-out': 'failed',
  'out-of-memory': 'failed',
  'node-failed': 'failed',
  canceled: 'canceled'
};

/** The public word for a phase; `unknown` keeps the word that was last true. */
export function publicPhase(phase: Phase, lastKnown: PublicPhase): PublicPhase {
  return phase === 'unknown' ? lastKnown : PUBLIC[phase];
}
