import { ERRORS, type Problem, SluiceError } from '../shared/errors';

/**
 * Why a call failed. `isUnreachable`: there was no answer, so it is not known whether the service
 * did what was asked. Otherwise the service itself said so, in words that are kept as it sent them.
 */
export class ClientError extends SluiceError {
  constructor(
    private readonly problem: Problem,
    readonly isUnreachable: boolean,
    options: { cause?: unknown } = {}
  ) {
    // A newer service may know codes that this table does not have.
    super(problem.code in ERRORS ? problem.code : 'internal', problem.details, options);
    this.message = problem.message;
  }

  override get hint(): string {
    return this.problem.hint;
  }

  /** The error for a service that could not be asked. */
  static unreachable(problem: string, cause?: unknown): ClientError {
    const details = { problem, log: 'service.log in its state directory' };
    return new ClientError(new SluiceError('service-down', details).toProblem(), true, { cause });
  }
}

/** The problem in an answer's body; null when it holds none, so that someone else must have answered. */
export function readProblem(body: string): Problem | null {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return null;
  }
  const error = (data as { error?: Partial<Problem> } | null)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string'
    ? ({ hint: '', retry: false, details: {}, ...error } as Problem)
    : null;
}
