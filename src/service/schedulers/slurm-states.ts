import type { JobState } from './scheduler';

const WORDS: Readonly<Partial<Record<JobState, string>>> = {
  pending:
    'PENDING PD CONFIGURING CF EXPEDITING REQUEUED RQ REQUEUE_FED RF REQUEUE_HOLD RH SPECIAL_EXIT SE RESV_DEL_HOLD RD',
  // Its processes may still be at work while it is COMPLETING.
  running: 'RUNNING R COMPLETING CG SUSPENDED S STOPPED ST SIGNALING SI STAGE_OUT SO RESIZING RS',
  completed: 'COMPLETED CD',
  failed: 'FAILED F',
  canceled: 'CANCELLED CA',
  'timed-out': 'TIMEOUT TO DEADLINE DL',
  'out-of-memory': 'OUT_OF_MEMORY OOM',
  'node-failed': 'NODE_FAIL NF BOOT_FAIL BF',
  preempted: 'PREEMPTED PR'
};

const STATES = new Map(
  Object.entries(WORDS).flatMap(([state, words]) =>
    words.split(' ').map(word => [word, state as JobState] as const)
  )
);

/**
 * What a word of squeue or sacct means, long or short. “CANCELLED by 1001”, “CANCELLED+” and flags
 * after a comma are understood; Slurm adds words with each release, so an unknown one is `other`.
 */
export function slurmState(token: string): JobState {
  const [base = '', ...flags] = token
    .trim()
    .toUpperCase()
    .replace(/ .*$/, '')
    .replace(/\+$/, '')
    .split(',');
  const flag = flags.find(word => STATES.get(word) === 'pending' || word === 'COMPLETING');
  return STATES.get(flag ?? base) ?? 'other';
}

/** A script tells a signal that ended its worker as 128 and its number; what is above them is a status. */
const LAST_SIGNAL = 31;

/** Exit code and signal from `3:0`, or from the wait status that squeue printed before 23.02. */
export function slurmExit(text: string): { exitCode: number | null; signal: number | null } {
  const [, code, pairSignal] = /^(\d+):(\d+)$/.exec(text.trim()) ?? [];
  const status = /^\d+$/.test(text.trim()) ? Number(text) : null;
  if (code === undefined && status === null) {
    return { exitCode: null, signal: null };
  }
  const exitCode = status === null ? Number(code) : (status >> 8) & 0xff;
  const passedOn = exitCode > 128 && exitCode <= 128 + LAST_SIGNAL ? exitCode - 128 : 0;
  const signal = (status === null ? Number(pairSignal) : status & 0x7f) || passedOn;
  return signal > 0 ? { exitCode: null, signal } : { exitCode, signal: null };
}

/** An instant that Slurm wrote as seconds since the epoch; null for “N/A” and the like. */
export function slurmSeconds(text: string): number | null {
  const seconds = /^\d{1,11}$/.test(text.trim()) ? Number(text) : 0;
  return seconds > 0 ? seconds : null;
}

/** The same in ISO form. */
export function slurmTime(text: string): string | null {
  const seconds = slurmSeconds(text);
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}
