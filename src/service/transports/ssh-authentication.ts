import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, ParsedKey } from 'ssh2';
import { SluiceError } from '../../shared/errors';
import { LateKey, type Wanted } from './late-key';
import { type LoginClock, THINKING_MS } from './login-clock';
import type { ILoginAttempt, LoginQuestion } from './login-prompter';
import { keyboardQuestion, passphraseQuestion, passwordQuestion } from './login-questions';
import { OrderedAgent } from './ordered-agent';
import type { LoginWay, SshHost } from './ssh-host';
import { type Identity, readIdentities, unlockIdentity } from './ssh-identities';

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
  readonly problem: string;
}

// How ssh2 is told that there is nothing more to try; its types do not know.
const NO_MORE = false as unknown as AuthenticationType;

/** A server that asks on and on is not worth a person's time. */
const MOST_ROUNDS = 10;

/** The person's agent first, then key files, then what a person types, in the order of the configuration. */
export async function prepareAuthentication(host: SshHost): Promise<ISshAuthentication> {
  return new SshAuthentication(host, await readIdentities(host.identityFiles));
}

class SshAuthentication implements ISshAuthentication {
  readonly #agent: OrderedAgent | null;
  readonly #notes: string[] = [];
  readonly #tried: string[] = [];
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
    private readonly identities: readonly Identity[]
  ) {
    const preferred = identities.flatMap(({ publicBlob }) => publicBlob ?? []);
    this.#agent =
      host.agentSocket === null
        ? null
        : new OrderedAgent(host.agentSocket, preferred, host.identitiesOnly);
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

  get problem(): string {
    const accepted = this.#left.join(', ');
    if (this.#isRefused) {
      return this.#notes.at(-1) ?? 'it did not accept what was typed';
    }
    if (this.#hadPartial) {
      return `it asks for more (${accepted}), and that did not succeed`;
    }
    const isPossible = this.#left.some(way => this.host.logins.includes(way as LoginWay));
    if (!isPossible && this.#left.length > 0) {
      return `it accepts only ${accepted}, which is not possible here or switched off in the configuration`;
    }
    const tried = this.#tried.length === 0 ? 'there was no key to try' : this.#tried.join(', ');
    const unusable = this.identities.filter(identity => !this.#isInAgent(identity));
    const reasons = unusable.flatMap(({ problem }) => problem ?? []);
    return [`tried: ${tried}`, ...new Set([...this.#notes, ...reasons])].join('; ');
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
    for await (const method of this.#keyMethods()) {
      yield method;
      if (this.#isPartial || this.#isRefused) {
        return;
      }
    }
  }

  async *#keyMethods(): AsyncGenerator<AnyAuthMethod> {
    yield* this.#byAgent();
    for (const identity of this.identities) {
      if (this.#isRefused) {
        return;
      }
      if (this.#isInAgent(identity)) {
        continue;
      }
      const { privateKey, publicBlob, path, isLocked } = identity;
      if (privateKey !== null) {
        this.#tried.push(path);
        yield { type: 'publickey', username: this.host.user, key: privateKey };
      } else if (isLocked && publicBlob !== null) {
        this.#tried.push(path);
        yield* this.#byLateKey(publicBlob, wanted => this.#signLocked(path, wanted));
      }
    }
  }

  async *#byAgent(): AsyncGenerator<AnyAuthMethod> {
    const agent = this.#agent;
    if (agent === null) {
      return;
    }
    const keys = await agent.keys().catch((error: unknown) => {
      this.note(`the agent failed: ${(error as Error).message}`);
      return [];
    });
    this.#tried.push(`${keys.length} key(s) of the agent`);
    for (const key of keys) {
      yield* this.#byLateKey(key.getPublicSSH(), wanted => agent.signature(key, wanted));
    }
  }

  async *#byLateKey(
    blob: Buffer,
    sign: (wanted: Wanted) => Promise<Buffer>
  ): AsyncGenerator<AnyAuthMethod> {
    const late = LateKey.from(blob);
    if (late === null) {
      return;
    }
    const method = { type: 'publickey', username: this.host.user, key: late.key } as const;
    yield method;
    if (late.wanted === null) {
      return;
    }
    // The host accepts the key; the next word is the agent's or a person's.
    this.#parts.clock.expect(THINKING_MS);
    const signature = await sign(late.wanted).catch((error: unknown) => {
      this.#parts.signal.throwIfAborted();
      // What a person or nobody decided ends the login; an agent's fault does not.
      if (error instanceof SluiceError) {
        throw error;
      }
      this.note(`a key did not sign: ${(error as Error).message}`);
      return null;
    });
    if (signature !== null && !this.#isRefused) {
      late.sign(signature);
      yield method;
    }
  }

  /** The passphrase and the unlocked key live no longer than this call. */
  async #signLocked(path: string, { data, hash }: Wanted): Promise<Buffer> {
    const [passphrase = ''] = await this.#ask(passphraseQuestion(this.host, path));
    const key = await unlockIdentity(path, passphrase);
    if (key === null) {
      this.#isRefused = true;
      this.note(`the passphrase of the key ${path} is not right`);
      return Buffer.alloc(0);
    }
    return signWith(key, data, hash);
  }

  async *#byPassword(): AsyncGenerator<AnyAuthMethod> {
    if (this.host.passwordPrompts === 0) {
      return;
    }
    const [password = ''] = await this.#ask(passwordQuestion(this.host, this.#takeSaid()));
    this.#secret = Buffer.from(password);
    // Its types know of no buffers, which alone can be wiped.
    const secret = this.#secret as unknown as string;
    this.#tried.push('a password');
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
    if (this.#rounds > MOST_ROUNDS) {
      const { alias: host, user } = this.host;
      const problem = `it asked more than ${MOST_ROUNDS} times`;
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

  #isInAgent({ publicBlob }: Identity): boolean {
    const shown = this.#agent?.shown ?? [];
    return publicBlob !== null && shown.some(blob => blob.equals(publicBlob));
  }
}

function signWith(key: ParsedKey, data: Buffer, hash: string | undefined): Buffer {
  const signature: unknown = key.sign(data, hash);
  if (signature instanceof Error) {
    throw signature;
  }
  return signature as Buffer;
}
