import { OpenSSHAgent, type ParsedKey } from 'ssh2';
import { afterMs } from '../deadline';
import type { Wanted } from './late-key';

/** An agent that hangs must not hold up what does not need it. */
const LIST_TIMEOUT_MS = 10_000;

/** The person's agent, showing the keys that the configuration names first, or these alone. */
export class OrderedAgent {
  /** The keys that the agent showed, once it was asked. */
  shown: Buffer[] = [];
  readonly #agent: OpenSSHAgent;

  constructor(
    socketPath: string,
    private readonly preferred: readonly Buffer[],
    private readonly onlyPreferred: boolean
  ) {
    this.#agent = new OpenSSHAgent(socketPath);
  }

  /** The keys that may be used, in their order. */
  async keys(): Promise<ParsedKey[]> {
    const listed = new Promise<ParsedKey[]>((resolve, reject) => {
      this.#agent.getIdentities((error, keys) => {
        if (error != null || keys === undefined) {
          reject(error ?? new Error('it gave no list of keys'));
        } else {
          resolve(keys as ParsedKey[]);
        }
      });
    });
    const late = afterMs(LIST_TIMEOUT_MS).then(() => {
      throw new Error('it does not answer');
    });
    const chosen = this.#order(await Promise.race([listed, late]));
    this.shown = chosen.map(key => key.getPublicSSH());
    return chosen;
  }

  /** Have it sign; it may ask the person in its own way. */
  async signature(key: ParsedKey, { data, hash }: Wanted): Promise<Buffer> {
    const options = hash === undefined ? {} : { hash: hash as 'sha256' | 'sha512' };
    return new Promise((resolve, reject) => {
      this.#agent.sign(key, data, options, (error, signature) => {
        if (error != null || signature === undefined) {
          reject(error ?? new Error('it gave no signature'));
        } else {
          resolve(signature);
        }
      });
    });
  }

  #order(keys: readonly ParsedKey[]): ParsedKey[] {
    const isPreferred = (key: ParsedKey): boolean =>
      this.preferred.some(blob => blob.equals(key.getPublicSSH()));
    const own = keys.filter(isPreferred);
    return this.onlyPreferred ? own : [...own, ...keys.filter(key => !isPreferred(key))];
  }
}
