import { SluiceError } from '../shared/errors';
import type {
  ILoginAttempt,
  ILoginPrompter,
  LoginQuestion
} from '../service/transports/login/login-prompter';

/** Says what a person types; null: the login is given up. May wait. */
export type Answerer = (
  question: LoginQuestion
) => readonly string[] | null | Promise<readonly string[] | null>;

/** A person for tests: allows as many logins as said, answers, and keeps what was asked. */
export class ScriptedPerson implements ILoginPrompter {
  /** Logins that may still ask. */
  logins: number;
  readonly asked: LoginQuestion[] = [];
  begun = 0;
  /** Logins that have begun and not ended. */
  running = 0;

  constructor(
    private readonly answer: Answerer,
    { logins = 1 }: { logins?: number } = {}
  ) {
    this.logins = logins;
  }

  get mayAsk(): boolean {
    return this.logins > 0;
  }

  begin(): ILoginAttempt {
    const { mayAsk } = this;
    this.logins -= mayAsk ? 1 : 0;
    this.begun += 1;
    this.running += 1;
    return new ScriptedAttempt(
      question => this.#ask(question, mayAsk),
      () => {
        this.running -= 1;
      }
    );
  }

  async #ask(question: LoginQuestion, mayAsk: boolean): Promise<string[]> {
    const { host } = question;
    if (!mayAsk) {
      throw new SluiceError('needs-login', { host, target: host, problem: 'nobody is there' });
    }
    this.asked.push(question);
    const answers = await this.answer(question);
    if (answers === null) {
      throw new SluiceError('login-canceled', { host, target: host });
    }
    return [...answers];
  }
}

class ScriptedAttempt implements ILoginAttempt {
  hasAsked = false;
  #isOver = false;

  constructor(
    private readonly put: (question: LoginQuestion) => Promise<string[]>,
    private readonly onEnd: () => void
  ) {}

  async ask(question: LoginQuestion, signal: AbortSignal): Promise<string[]> {
    signal.throwIfAborted();
    this.hasAsked = true;
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      this.put(question).then(resolve, reject);
    });
  }

  end(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.onEnd();
    }
  }
}
