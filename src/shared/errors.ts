import { type ErrorEntry, ERRORS } from './error-table';

export { type ErrorEntry, type ErrorFamily, ERRORS } from './error-table';

export type ErrorCode = keyof typeof ERRORS;

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** What goes over the wire, and into a task's reason. */
export type Problem = {
  code: ErrorCode;
  message: string;
  hint: string;
  retry: boolean;
  details: ErrorDetails;
};

/** Fill `{name}` places of a template from the details; a missing one becomes “?”. */
function fill(template: string, details: ErrorDetails): string {
  const words: ErrorDetails = { login: sshArguments(String(details.host ?? '?')), ...details };
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(words[name] ?? '?'));
}

/** What `ssh` is given for a host, since it does not read `user@host:port`. */
function sshArguments(host: string): string {
  const [, name, port] = /^((?:[^:]*@)?(?:[^:@]+|\[.+\])):(\d+)$/.exec(host) ?? [];
  return name === undefined ? host : `-p ${port} ${name.replace(/[[\]]/g, '')}`;
}

/** The one error class: a code of the table, its details, and the cause it was translated from. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options: { cause?: unknown } = {}
  ) {
    super(fill(ERRORS[code].message, details), options);
  }

  get hint(): string {
    return fill(ERRORS[this.code].hint, this.details);
  }

  get entry(): ErrorEntry {
    return ERRORS[this.code];
  }

  /** The error as plain data. */
  toProblem(): Problem {
    const { code, message, hint, details } = this;
    return { code, message, hint, retry: this.entry.retry, details };
  }
}
