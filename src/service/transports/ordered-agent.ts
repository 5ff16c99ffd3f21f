import { OpenSSHAgent, type IdentityCallback, type ParsedKey } from 'ssh2';

/** The person's agent, showing the keys that the configuration names first, or these alone. */
export class OrderedAgent extends OpenSSHAgent {
  /** The keys that the agent showed, once it was asked. */
  shown: Buffer[] = [];

  constructor(
    socketPath: string,
    private readonly preferred: readonly Buffer[],
    private readonly onlyPreferred: boolean
  ) {
    super(socketPath);
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, keys) => {
      if (error != null || keys === undefined) {
        done(error ?? new Error('the agent gave no list of keys'));
        return;
      }
      const chosen = this.#order(keys as ParsedKey[]);
      this.shown = chosen.map(key => key.getPublicSSH());
      done(null, chosen);
    });
  }

  #order(keys: readonly ParsedKey[]): ParsedKey[] {
    const isPreferred = (key: ParsedKey): boolean =>
      this.preferred.some(blob => blob.equals(key.getPublicSSH()));
    const own = keys.filter(isPreferred);
    return this.onlyPreferred ? own : [...own, ...keys.filter(key => !isPreferred(key))];
  }
}
