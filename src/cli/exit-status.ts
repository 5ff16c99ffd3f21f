import { type ErrorCode, type ErrorFamily, ERRORS, SluiceError } from '../shared/errors';
import type { Phase } from '../shared/phases';
import type { Task } from '../shared/wire/task';

/** Exit status by family of error. 2 is a wrong use, as everywhere; 1 is left to failed jobs. */
const BY_FAMILY: Readonly<Record<ErrorFamily, number>> = {
  request: 2,
  config: 3,
  ssh: 4,
  slurm: 5,
  capture: 6,
  sync: 7,
  environment: 8,
  store: 9
};

const INTERNAL = 70;

/** Statuses that shells and `timeout` use for the same. */
const BY_PHASE: Partial<Record<Phase, number>> = {
  completed: 0,
  canceled: 130,
  'timed-out': 124,
  'out-of-memory': 137
};

/** What the program ends with after an error. */
export function errorStatus(error: unknown): number {
  return error instanceof SluiceError && error.code !== 'internal'
    ? BY_FAMILY[error.entry.family]
    : INTERNAL;
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** What `run` ends with after its task: as the script itself, and our own inability told from it. */
export function taskStatus({ phase, reason, exitCode }: Task): number {
  const own =
    (phase === 'failed' || reason?.code === 'needs-login') &&
    reason !== null &&
    isErrorCode(reason.code)
      ? reason.code
      : null;
  return own === null
    ? (BY_PHASE[phase] ?? (exitCode === null || exitCode === 0 ? 1 : exitCode))
    : BY_FAMILY[ERRORS[own].family];
}
