import { type ParsedKey, utils } from 'ssh2';

/** Not a fault: the host accepts a key, and its signature is still to be made. */
export class SignLater extends Error {}

/** What a host wants to be signed. */
export type Wanted = { data: Buffer; hash: string | undefined };

/**
 * A key that is shown to a host first, and signs only when the host accepts it: by the agent, or
 * after a person typed its passphrase. ssh2 wants signatures at once, so that the first one is
 * refused with `SignLater`, and the key is offered again when the signature is there.
 */
export class LateKey {
  /** What is to be signed; null while the host has not accepted the key. */
  wanted: Wanted | null = null;
  #signature: Buffer | null = null;

  private constructor(private readonly publicKey: ParsedKey) {}

  /** Null where the blob is of a kind of key that ssh2 does not know. */
  static from(blob: Buffer): LateKey | null {
    const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
    const key: unknown = utils.parseKey(`${type} ${blob.toString('base64')}`);
    return key instanceof Error ? null : new LateKey(key as ParsedKey);
  }

  sign(signature: Buffer): void {
    this.#signature = signature;
  }

  /** As ssh2 wants it: a key of its own making that says it is private. */
  get key(): ParsedKey {
    return Object.create(this.publicKey, {
      isPrivateKey: { value: () => true },
      sign: { value: (data: Buffer, hash?: string) => this.#give(data, hash) }
    }) as ParsedKey;
  }

  #give(data: Buffer, hash: string | undefined): Buffer | Error {
    if (this.#signature !== null && this.wanted?.data.equals(data) === true) {
      return this.#signature;
    }
    // ssh2 may use the buffer again.
    this.wanted = { data: Buffer.from(data), hash };
    return new SignLater('the signature is still to be made');
  }
}
