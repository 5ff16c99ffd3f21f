import { SluiceError } from '../../../shared/errors';

/** What a login has to ask, in one round. */
export type LoginQuestion = {
  /** The host that asks, as the person names it. */
  host: string;
  kind: 'password' | 'passphrase' | 'question' | 'host-key';
  /** The server's own words; control characters are removed by who shows them. */
  text: string;
  /** None for a question that a yes answers. */
  fields: readonly { label: string; secret: boolean }[];
  hostKey?: { algorithm: string; fingerprint: string; knownHosts: string };
};

/** One login, with all its rounds and jump hosts: at most this much is asked for one action of a person. */
export interface ILoginAttempt {
  /**
   * Ask a person; resolves with one answer for each field.
   *
   * Errors: `needs-login` when nobody may be asked now, or nobody answered; `login-canceled` when the
   * person gave it up. What was typed is never kept: a caller uses it once and forgets it.
   */
  ask(question: LoginQuestion, signal: AbortSignal): Promise<string[]>;
  /** Whether a person was asked anything; such a connection does not come back by itself. */
  readonly hasAsked: boolean;
  /** The login is over, well or not; open questions of it close. */
  end(): void;
}

/** Lets the logins of one host ask a person. */
export interface ILoginPrompter {
  /** Whether a person's own action waits for this host right now. */
  readonly mayAsk: boolean;
  /** Begin a login; a person's action is used up by it. */
  begin(): ILoginAttempt;
}

const refused = (question: LoginQuestion): never => {
  throw new SluiceError('needs-login', {
    host: question.host,
    target: question.host,
    problem: 'nobody is there to answer'
  });
};

/** For hosts that nobody answers for: every question is refused. */
export const nobody: ILoginPrompter = {
  mayAsk: false,
  begin: () => ({
    ask: question => Promise.resolve().then(() => refused(question)),
    hasAsked: false,
    end: () => undefined
  })
};
