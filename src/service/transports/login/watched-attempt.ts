import { cleanQuestion } from './clean-question';
import type { ILoginAttempt, LoginQuestion } from './login-prompter';

/**
 * A login attempt that knows whether a question is open, and whether the login needs a person. No
 * question passes it with anything in it that acts.
 */
export class WatchedAttempt implements ILoginAttempt {
  /** A person was needed to log in; one who only looks at a new host key is not needed again. */
  needsPerson = false;
  #asked = 0;
  #open = 0;

  constructor(
    private readonly attempt: ILoginAttempt,
    private readonly onChange: () => void
  ) {}

  get isAsking(): boolean {
    return this.#open > 0;
  }

  /** Nothing but a new host key was asked about. */
  get sawHostKeyOnly(): boolean {
    return this.#asked > 0 && !this.needsPerson;
  }

  get hasAsked(): boolean {
    return this.attempt.hasAsked;
  }

  async ask(question: LoginQuestion, signal: AbortSignal): Promise<string[]> {
    this.needsPerson ||= question.kind !== 'host-key';
    this.#asked += 1;
    this.#open += 1;
    this.onChange();
    try {
      return await this.attempt.ask(cleanQuestion(question), signal);
    } finally {
      this.#open -= 1;
      this.onChange();
    }
  }

  end(): void {
    this.attempt.end();
  }
}
