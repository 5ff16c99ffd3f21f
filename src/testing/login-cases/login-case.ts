import type { LoginStand } from '../login-stand';
import type { Answerer } from '../scripted-person';

/** `in`, or the code of the error that names the reason. */
export type LoginEnd = string;

/** What a case has set up. */
export type LoginTrial = {
  /** Alias in the stand's configuration. */
  host: string;
  /** Absent: nobody is there. */
  answer?: Answerer;
  /** What must have been asked, as `host: kind`. */
  asks?: readonly string[];
  /** Calls at once; absent: one. */
  calls?: number;
  /** Holds afterwards; throws where it does not. */
  check?(): void | Promise<void>;
};

export type LoginCase = {
  name: string;
  /** Who lets in: a real sshd, or the small server where that cannot be without changing this machine. */
  server: 'sshd' | 'ssh2 server' | 'both';
  ends: LoginEnd | { ssh2: LoginEnd; openssh: LoginEnd };
  /** `elapse` moves the clock of the login where it has one. */
  setUp(stand: LoginStand, elapse: (ms: number) => void): Promise<LoginTrial>;
};

/** A row of the table of logins. */
export const loginCase = (
  name: string,
  server: LoginCase['server'],
  ends: LoginCase['ends'],
  setUp: LoginCase['setUp']
): LoginCase => ({ name, server, ends, setUp });
