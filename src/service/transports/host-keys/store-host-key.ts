import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SluiceError } from '../../../shared/errors';
import { hashName, type HostKey, SALT_BYTES } from './known-hosts';

/** The line of known_hosts for a key; with a salt the host's name is hashed, as by HashKnownHosts. */
export function knownHostsLine(name: string, key: HostKey, salt: Buffer | null): string {
  const hosts = salt === null ? name : hashName(name, salt);
  return `${hosts} ${key.type} ${key.blob.toString('base64')}\n`;
}

/**
 * Add the key of a host to a known_hosts file. The file and its folder are made for the person alone
 * where they do not exist.
 *
 * Errors: `config-invalid` when it cannot be written.
 */
export async function storeHostKey(
  path: string,
  name: string,
  key: HostKey,
  isHashed: boolean
): Promise<void> {
  const line = knownHostsLine(name, key, isHashed ? randomBytes(SALT_BYTES) : null);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const { O_RDWR, O_APPEND, O_CREAT } = constants;
    const file = await open(path, O_RDWR | O_APPEND | O_CREAT, 0o600);
    try {
      // In one write at the end, so that of two at once neither is lost.
      await file.appendFile((await lacksNewline(file)) ? `\n${line}` : line);
    } finally {
      await file.close();
    }
  } catch (error) {
    const problem = `the key of ${name} cannot be stored in it: ${(error as Error).message}`;
    throw new SluiceError('config-invalid', { path, problem }, { cause: error });
  }
}

async function lacksNewline(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) {
    return false;
  }
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}
