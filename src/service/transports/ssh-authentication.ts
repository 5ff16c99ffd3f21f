import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, BaseAgent } from 'ssh2';
import { OrderedAgent } from './ordered-agent';
import type { SshHost } from './ssh-config';
import { type Identity, readIdentities } from './ssh-identities';

/** The ways to log in to one host, tried in turn; `problem` says afterwards why none did. */
export interface ISshAuthentication {
  readonly handler: AuthHandlerMiddleware;
  /** Something went wrong on the way, and the next one is tried. */
  note(problem: string): void;
  readonly problem: string;
}

// How ssh2 is told that there is nothing more to try; its types do not know.
const NO_MORE = false as unknown as AuthenticationType;

/** The person's agent first, then key files without a passphrase. */
export async function prepareAuthentication(host: SshHost): Promise<ISshAuthentication> {
  return new KeyAuthentication(host, await readIdentities(host.identityFiles));
}

class KeyAuthentication implements ISshAuthentication {
  readonly #agent: OrderedAgent | null;
  readonly #notes: string[] = [];
  readonly #tried: string[] = [];
  #accepted: readonly string[] = [];
  #isPartial = false;
  readonly #attempts: Iterator<AnyAuthMethod>;

  constructor(
    private readonly host: SshHost,
    private readonly identities: readonly Identity[]
  ) {
    const preferred = identities.flatMap(({ publicBlob }) => publicBlob ?? []);
    this.#agent =
      host.agentSocket === null
        ? null
        : new OrderedAgent(host.agentSocket, preferred, host.identitiesOnly);
    this.#attempts = this.#methods();
  }

  readonly handler: AuthHandlerMiddleware = (methodsLeft, isPartial, next) => {
    // Null before the host has said anything.
    const left = methodsLeft as readonly string[] | null;
    this.#accepted = left ?? this.#accepted;
    this.#isPartial ||= isPartial;
    const isHopeless = left !== null && !left.includes('publickey');
    const attempt = isHopeless || this.#isPartial ? { done: true as const } : this.#attempts.next();
    next(attempt.done === true ? NO_MORE : attempt.value);
  };

  note(problem: string): void {
    this.#notes.push(problem);
  }

  get problem(): string {
    if (this.#isPartial) {
      return `it asks for more than a key (${this.#accepted.join(', ')}), which Sluice cannot answer yet`;
    }
    if (!this.#accepted.includes('publickey') && this.#accepted.length > 0) {
      return `it accepts only ${this.#accepted.join(', ')}, which Sluice cannot answer yet`;
    }
    const unusable = this.identities.filter(identity => !this.#isInAgent(identity));
    const reasons = [...this.#notes, ...unusable.flatMap(({ problem }) => problem ?? [])];
    const tried = this.#tried.length === 0 ? 'there was no key to try' : this.#tried.join(', ');
    return [`tried: ${tried}`, ...reasons].join('; ');
  }

  *#methods(): Generator<AnyAuthMethod> {
    const { user: username } = this.host;
    // Costs one answer, and tells which ways the host accepts.
    yield { type: 'none', username };
    if (this.#agent !== null) {
      // Its types make an agent that gives parsed keys no agent.
      const agent = this.#agent as unknown as BaseAgent;
      yield { type: 'agent', username, agent };
      this.#tried.push(`${this.#agent.shown.length} key(s) of the agent`);
    }
    for (const identity of this.identities) {
      if (identity.privateKey !== null && !this.#isInAgent(identity)) {
        this.#tried.push(identity.path);
        yield { type: 'publickey', username, key: identity.privateKey };
      }
    }
  }

  #isInAgent({ publicBlob }: Identity): boolean {
    const shown = this.#agent?.shown ?? [];
    return publicBlob !== null && shown.some(blob => blob.equals(publicBlob));
  }
}
