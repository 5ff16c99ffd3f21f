import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware } from 'ssh2';
import { SluiceError } from '../../../shared/errors';
import { KeyLogin } from './key-login';
import { type LoginClock, THINKING_MS } from './login-clock';
import type { ILoginAttempt, LoginQuestion } from '../login/login-prompter';
import { keyboardQuestion, passwordQuestion } from './login-questions';
import type { LoginWay, SshHost } from '../ssh-host/ssh-host';
import { type Identity, readIdentities } from '../ssh-host/ssh-identities';

/** What one login shares with its parts. */
export type LoginContext = {
  attempt: ILoginAttempt;
  clock: LoginClock;
  /** Aborted when the login is over. */
  signal: AbortSignal;
  /** The login cannot go on. */
  fail(error: Error): void;
};

/** The ways to log in to one host, tried in turn; `problem` says afterwards why none did. */
export interface ISshAuthentication {
  /** Give it what it shares with the login, before the first try. */
  follow(context: LoginContext): AuthHandlerMiddleware;
  /** Something went wrong on the way, and the next one is tried. */
  note(problem: string): void;
  /** The host said something before the login. */
  hear(words: string): void;
  /** Whether a question is open. */
  readonly isAsking: boolean;
  /** Whether what a person typed was refused. */
  readonly isAnswerRefused: boolean;
  readonly problem: string;
}

// How ssh2 is told that there is nothing more to try; its types do not know.
const NO_MORE = false as unknown as AuthenticationType;

/** A server that asks on and on is not worth a person's time. */
const MOST_ROUNDS = 10;
const MOST_PROMPTS = 10;

/** The person's agent first, then key files, then what a person types, in the order of the configuration. */
export async function prepareAuthentication(host: SshHost): Promise<ISshAuthentication> {
  return new SshAuthentication(host, await readIdentities(host.identityFiles));
}

class SshAuthentication implements ISshAuthentication {
  readonly #keys: KeyLogin;
  readonly #notes: string[] = [];
  readonly #said: string[] = [];
  #context: LoginContext | null = null;
  /** The host's last answer. */
  #left: readonly string[] = [];
  #answer: readonly string[] | null = null;
  #isPartial = false;
  #hadPartial = false;
  /** What a person typed was refused; no more is asked for in this login. */
  #isRefused = false;
  #rounds = 0;
  #open = 0;
  #secret: Buffer | null = null;

  constructor(
    private readonly host: SshHost,
    identities: readonly Identity[]
  ) {
    this.#keys = new KeyLogin(host, identities);
  }

  follow(context: LoginContext): AuthHandlerMiddleware {
    this.#context = context;
    const methods = this.#methods();
    return (methodsLeft, isPartial, next) => {
      this.#hearAnswer(methodsLeft, isPartial);
      methods.next().then(
        ({ value }) => this.#try(value ?? null, next),
        (error: unknown) => context.fail(error as Error)
      );
    };
  }

  note(problem: string): void {
    this.#notes.push(problem);
  }

  hear(words: string): void {
    this.#said.push(words);
  }

  get isAsking(): boolean {
    return this.#open > 0;
  }

  get isAnswerRefused(): boolean {
    return this.#isRefused && !this.#keys.isRefused;
  }

  get problem(): string {
    const accepted = this.#left.join(', ');
    if (this.#isRefused) {
      return this.isAnswerRefused ? 'it did not accept what was typed' : this.#keys.problem;
    }
    if (this.#hadPartial) {
      return `it asks for more (${accepted}), and that did not succeed`;
    }
    const isPossible = this.#left.some(way => this.host.logins.includes(way as LoginWay));
    if (!isPossible && this.#left.length > 0) {
      return `it accepts only ${accepted}, which is not possible here or switched off in the configuration`;
    }
    return [this.#keys.problem, ...new Set(this.#notes)].join('; ');
  }

  /** ssh2 repeats the last answer where there was none; a new one is another list. */
  #hearAnswer(methodsLeft: readonly string[] | null, isPartial: boolean | null): void {
    const isNew = methodsLeft !== this.#answer;
    this.#answer = methodsLeft;
    this.#left = methodsLeft ?? this.#left;
    this.#isPartial = isNew && isPartial === true;
    this.#hadPartial ||= this.#isPartial;
  }

  #try(method: AnyAuthMethod | null, next: Parameters<AuthHandlerMiddleware>[2]): void {
    const { signal, clock } = this.#parts;
    if (signal.aborted) {
      return;
    }
    const { connectTimeoutMs } = this.host;
    const isPersonal = method?.type === 'password' || method?.type === 'keyboard-interactive';
    // Some servers push to a phone before they say a word.
    clock.expect(isPersonal ? Math.max(THINKING_MS, connectTimeoutMs) : connectTimeoutMs);
    next(method ?? NO_MORE);
    // It was copied into its packet; ssh2 keeps the rest for as long as the connection stands.
    this.#secret?.fill(0);
    this.#secret = null;
  }

  get #isAStepFurther(): boolean {
    return this.#isPartial;
  }

  get #parts(): LoginContext {
    if (this.#context === null) {
      throw new Error('the login has not begun');
    }
    return this.#context;
  }

  async *#methods(): AsyncGenerator<AnyAuthMethod, undefined> {
    // Costs one answer, and tells which ways the host accepts.
    yield { type: 'none', username: this.host.user };
    const done = new Set<LoginWay>();
    for (;;) {
      const way = this.host.logins.find(one => this.#left.includes(one) && !done.has(one));
      if (way === undefined || this.#isRefused) {
        return undefined;
      }
      this.#isPartial = false;
      yield* this.#by(way);
      if (this.#isAStepFurther) {
        done.clear();
      } else {
        done.add(way);
      }
    }
  }

  #by(way: LoginWay): AsyncGenerator<AnyAuthMethod> {
    switch (way) {
      case 'publickey':
        return this.#byKeys();
      case 'keyboard-interactive':
        return this.#byKeyboard();
      case 'password':
        return this.#byPassword();
    }
  }

  async *#byKeys(): AsyncGenerator<AnyAuthMethod> {
    const { clock, signal } = this.#parts;
    const methods = this.#keys.methods({
      ask: question => this.#ask(question),
      // The next word is the agent's or a person's.
      onSigning: () => clock.expect(THINKING_MS),
      signal
    });
    for await (const method of methods) {
      yield method;
      if (this.#isPartial) {
        return;
      }
    }
    this.#isRefused ||= this.#keys.isRefused;
  }

  async *#byPassword(): AsyncGenerator<AnyAuthMethod> {
    if (this.host.passwordPrompts === 0) {
      return;
    }
    const [password = ''] = await this.#ask(passwordQuestion(this.host, this.#takeSaid()));
    this.#secret = Buffer.from(password);
    // Its types know of no buffers, which alone can be wiped.
    const secret = this.#secret as unknown as string;
    yield { type: 'password', username: this.host.user, password: secret };
    this.#isRefused = !this.#isPartial;
  }

  async *#byKeyboard(): AsyncGenerator<AnyAuthMethod> {
    const before = this.#rounds;
    yield {
      type: 'keyboard-interactive',
      username: this.host.user,
      prompt: (name, instructions, _language, prompts, finish) => {
        const said = [this.#takeSaid(), name, instructions];
        this.#answerRound(said, prompts).then(finish, (error: unknown) =>
          this.#parts.fail(error as Error)
        );
      }
    };
    this.#isRefused = !this.#isPartial && this.#rounds > before;
  }

  async #answerRound(
    said: readonly string[],
    prompts: readonly { prompt: string; echo?: boolean }[]
  ): Promise<string[]> {
    this.#rounds += 1;
    if (this.#rounds > MOST_ROUNDS || prompts.length > MOST_PROMPTS) {
      const { alias: host, user } = this.host;
      const problem = `it asks too much (${prompts.length} answers in round ${this.#rounds})`;
      throw new SluiceError('authentication-refused', { host, user, problem });
    }
    const answers = await this.#ask(keyboardQuestion(this.host, said, prompts));
    this.#parts.clock.expect(THINKING_MS);
    return prompts.map((_, index) => answers[index] ?? '');
  }

  async #ask(question: LoginQuestion): Promise<string[]> {
    const { attempt, clock, signal } = this.#parts;
    clock.pause();
    this.#open += 1;
    try {
      return await attempt.ask(question, signal);
    } finally {
      this.#open -= 1;
    }
  }

  #takeSaid(): string {
    return this.#said.splice(0).join('\n');
  }
}
