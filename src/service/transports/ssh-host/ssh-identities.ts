import { readFile } from 'node:fs/promises';
import { utils, type ParsedKey } from 'ssh2';

/** What a key file turned out to be. */
export type Identity = {
  path: string;
  /** The key on the wire, where it can be known without a passphrase. */
  publicBlob: Buffer | null;
  /** The private key; null when it has a passphrase, or the file holds only the public part. */
  privateKey: ParsedKey | null;
  /** It has a passphrase. */
  isLocked: boolean;
  /** Why the private key cannot be used. */
  problem: string | null;
};

/** Read the key files that exist; a missing one is passed over, as by OpenSSH. */
export async function readIdentities(paths: readonly string[]): Promise<Identity[]> {
  const identities = await Promise.all([...new Set(paths)].map(readIdentity));
  return identities.filter(identity => identity !== null);
}

async function readIdentity(path: string): Promise<Identity | null> {
  const [text, besideText] = await Promise.all([readText(path), readText(`${path}.pub`)]);
  const own = parse(text);
  const beside = parse(besideText);
  if (own === null && beside === null) {
    return null;
  }
  const open = [own, beside].find(isKey)?.getPublicSSH() ?? null;
  if (isKey(own)) {
    const privateKey = own.isPrivateKey() ? own : null;
    return { path, publicBlob: open, privateKey, isLocked: false, problem: null };
  }
  const isLocked = own !== null && IS_LOCKED.test(own.message);
  const publicBlob = open ?? (isLocked && Buffer.isBuffer(text) ? publicPartOf(text) : null);
  const problem = own === null ? null : inWords(own, path, publicBlob !== null);
  return { path, publicBlob, privateKey: null, isLocked, problem };
}

/** Read a key that has a passphrase; null when that is the wrong one. */
export async function unlockIdentity(path: string, passphrase: string): Promise<ParsedKey | null> {
  // Without a word there is nothing to try, which the parser calls a fault.
  const key = passphrase === '' ? null : parse(await readText(path), passphrase);
  if (isKey(key) && key.isPrivateKey()) {
    return key;
  }
  if (key instanceof Error && !IS_WRONG.test(key.message)) {
    throw key;
  }
  return null;
}

const IS_LOCKED = /encrypted|passphrase/i;
// With a wrong passphrase, old formats give rubbish that no parser understands.
const IS_WRONG = /bad passphrase|integrity check|malformed|bad decrypt|wrong/i;

const isKey = (key: ParsedKey | Error | null): key is ParsedKey =>
  key !== null && !(key instanceof Error);

async function readText(path: string): Promise<Buffer | Error | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing ? null : (error as Error);
  }
}

function parse(text: Buffer | Error | null, passphrase?: string): ParsedKey | Error | null {
  if (!Buffer.isBuffer(text)) {
    return text;
  }
  const parsed = utils.parseKey(text, passphrase);
  // Old formats give a list.
  return Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed;
}

const MAGIC = 'openssh-key-v1\0';

/** The public part of an OpenSSH key file, which is readable without the passphrase. */
export function publicPartOf(file: Buffer): Buffer | null {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(file.toString('latin1'));
  const bytes = Buffer.from(base64?.[1] ?? '', 'base64');
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) {
    return null;
  }
  let at = MAGIC.length;
  const field = (): Buffer | null => {
    if (at + 4 > bytes.length) {
      return null;
    }
    const end = at + 4 + bytes.readUInt32BE(at);
    const value = end > bytes.length ? null : bytes.subarray(at + 4, end);
    at = end;
    return value;
  };
  // Cipher, derivation and its options; then how many keys there are.
  const before = [field(), field(), field()];
  at += 4;
  return before.includes(null) ? null : field();
}

function inWords(error: Error, path: string, isPublicKnown: boolean): string {
  if (!IS_LOCKED.test(error.message)) {
    return `the key ${path} cannot be used (${error.message})`;
  }
  return isPublicKnown
    ? `the key ${path} has a passphrase and is not in the agent: run \`ssh-add ${path}\` in a terminal`
    : `the key ${path} has a passphrase and no public part beside it: run \`ssh-keygen -y -f ${path} > ${path}.pub\` in a terminal`;
}
