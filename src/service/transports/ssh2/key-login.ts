import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import { SluiceError } from '../../../shared/errors';
import { LateKey, type Wanted } from './late-key';
import type { LoginQuestion } from '../login/login-prompter';
import { passphraseQuestion } from './login-questions';
import { OrderedAgent } from './ordered-agent';
import type { SshHost } from '../ssh-host/ssh-host';
import { type Identity, unlockIdentity } from '../ssh-host/ssh-identities';

/** What the keys of a login need of it. */
export type KeyTools = {
  ask(question: LoginQuestion): Promise<string[]>;
  /** A signature is being made. */
  onSigning(): void;
  /** Aborted when the login is over. */
  signal: AbortSignal;
};

/** The keys for one host: the agent's first, then the files'. */
export class KeyLogin {
  /** A passphrase was wrong. */
  isRefused = false;
  readonly #agent: OrderedAgent | null;
  readonly #notes: string[] = [];
  readonly #tried: string[] = [];

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

  /** Why no key let in. */
  get problem(): string {
    if (this.isRefused) {
      return this.#notes.at(-1) ?? '';
    }
    const tried = this.#tried.length === 0 ? 'there was no key to try' : this.#tried.join(', ');
    const unusable = this.identities.filter(identity => !this.#isInAgent(identity));
    const reasons = unusable.flatMap(({ problem }) => problem ?? []);
    return [`tried: ${tried}`, ...new Set([...this.#notes, ...reasons])].join('; ');
  }

  /** Try each; ends early when a person mistyped. */
  async *methods(tools: KeyTools): AsyncGenerator<AnyAuthMethod> {
    yield* this.#byAgent(tools);
    for (const identity of this.identities) {
      if (!this.isRefused && !this.#isInAgent(identity)) {
        yield* this.#byFile(identity, tools);
      }
    }
  }

  async *#byAgent(tools: KeyTools): AsyncGenerator<AnyAuthMethod> {
    const agent = this.#agent;
    if (agent === null) {
      return;
    }
    const keys = await agent.keys().catch((error: unknown) => {
      this.#notes.push(`the agent failed: ${(error as Error).message}`);
      return [];
    });
    this.#tried.push(`${keys.length} key(s) of the agent`);
    for (const key of keys) {
      yield* this.#byLateKey(key.getPublicSSH(), wanted => agent.signature(key, wanted), tools);
    }
  }

  async *#byFile(identity: Identity, tools: KeyTools): AsyncGenerator<AnyAuthMethod> {
    const { privateKey, publicBlob, path, isLocked } = identity;
    if (privateKey !== null) {
      this.#tried.push(path);
      yield { type: 'publickey', username: this.host.user, key: privateKey };
    } else if (isLocked && publicBlob !== null) {
      this.#tried.push(path);
      yield* this.#byLateKey(publicBlob, wanted => this.#signLocked(path, wanted, tools), tools);
    }
  }

  async *#byLateKey(
    blob: Buffer,
    sign: (wanted: Wanted) => Promise<Buffer | null>,
    tools: KeyTools
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
    tools.onSigning();
    const signature = await sign(late.wanted).catch((error: unknown) => {
      tools.signal.throwIfAborted();
      // What a person or nobody decided ends the login; an agent's fault does not.
      if (error instanceof SluiceError) {
        throw error;
      }
      this.#notes.push(`a key did not sign: ${(error as Error).message}`);
      return null;
    });
    if (signature !== null) {
      late.sign(signature);
      yield method;
    }
  }

  /** The passphrase and the unlocked key live no longer than this call. */
  async #signLocked(path: string, { data, hash }: Wanted, tools: KeyTools): Promise<Buffer | null> {
    const [passphrase = ''] = await tools.ask(passphraseQuestion(this.host, path));
    const key = await unlockIdentity(path, passphrase);
    if (key === null) {
      this.isRefused = true;
      this.#notes.push(`the passphrase of the key ${path} is not right`);
      return null;
    }
    return signWith(key, data, hash);
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
