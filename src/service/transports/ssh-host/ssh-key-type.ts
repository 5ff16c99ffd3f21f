import { readFile } from 'node:fs/promises';

const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----';
const MAGIC = 'openssh-key-v1\0';

/** The type of the key in a file or of the public part beside it; null where none can be told. */
export async function readIdentityType(path: string): Promise<string | null> {
  const [own, beside] = await Promise.all([read(path), read(`${path}.pub`)]);
  return keyType(beside) ?? keyType(own);
}

/** A file that cannot be read is no key for the choice; the login says what is wrong with it. */
const read = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '');

/** The type of a key in OpenSSH's own formats; it needs no passphrase. */
export function keyType(text: string): string | null {
  const body = text.trim();
  if (!body.startsWith(BEGIN)) {
    return /^([a-z][\w@.-]*) [A-Za-z0-9+/]/.exec(body)?.[1] ?? null;
  }
  const base64 = body.split('\n').slice(1, -1).join('');
  const data = Buffer.from(base64, 'base64');
  const isWhole = data.subarray(0, MAGIC.length).toString('latin1') === MAGIC;
  // Cipher, key derivation and its options, how many keys, then the first public key.
  const strings = isWhole ? readStrings(data, MAGIC.length, 3) : null;
  const key = strings === null ? null : readStrings(data, strings.end + 4, 1);
  const type = key === null ? null : readStrings(key.values[0] ?? Buffer.alloc(0), 0, 1);
  return type?.values[0]?.toString('latin1') ?? null;
}

function readStrings(
  data: Buffer,
  from: number,
  count: number
): { values: Buffer[]; end: number } | null {
  const values: Buffer[] = [];
  let at = from;
  while (values.length < count) {
    if (at + 4 > data.length) {
      return null;
    }
    const end = at + 4 + data.readUInt32BE(at);
    if (end > data.length) {
      return null;
    }
    values.push(data.subarray(at + 4, end));
    at = end;
  }
  return { values, end: at };
}
