import { readFile } from 'node:fs/promises';
import { utils, type ParsedKey } from 'ssh2';

/** What a key file turned out to be. */
export type Identity = {
  path: string;
  /** The key on the wire, where it can be known without a passphrase. */
  publicBlob: Buffer | null;
  /** The private key; null when it has a passphrase, or the file holds only the public part. */
  privateKey: ParsedKey | null;
  /** Why the private key cannot be used. */
  problem: string | null;
};

/** Read the key files that exist; a missing one is passed over, as by OpenSSH. */
export async function readIdentities(paths: readonly string[]): Promise<Identity[]> {
  const identities = await Promise.all([...new Set(paths)].map(readIdentity));
  return identities.filter(identity => identity !== null);
}

async function readIdentity(path: string): Promise<Identity | null> {
  const [own, beside] = await Promise.all([readKey(path), readKey(`${path}.pub`)]);
  if (own === null && beside === null) {
    return null;
  }
  const publicBlob = [own, beside].find(isKey)?.getPublicSSH() ?? null;
  if (isKey(own)) {
    return { path, publicBlob, privateKey: own.isPrivateKey() ? own : null, problem: null };
  }
  return { path, publicBlob, privateKey: null, problem: own === null ? null : inWords(own, path) };
}

const isKey = (key: ParsedKey | Error | null): key is ParsedKey =>
  key !== null && !(key instanceof Error);

async function readKey(path: string): Promise<ParsedKey | Error | null> {
  try {
    const parsed = utils.parseKey(await readFile(path));
    // Old formats give a list.
    return Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing ? null : (error as Error);
  }
}

function inWords(error: Error, path: string): string {
  return /encrypted|passphrase/i.test(error.message)
    ? `the key ${path} has a passphrase and is not in the agent: run \`ssh-add ${path}\` in a terminal`
    : `the key ${path} cannot be used (${error.message})`;
}
