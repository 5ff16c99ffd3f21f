import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

import { TestbedError } from './testbed-error.ts';
import { waitUntil } from './wait-until.ts';

const WAIT_MS = 60_000;

/**
 * Runs an action while no other process changes the same testbed. The lock is a socket in Linux's
 * abstract name space, so it ends with its holder and leaves nothing behind.
 */
export async function withDirectoryLock<T>(dir: string, action: () => Promise<T>): Promise<T> {
  const name = `\0sluice-testbed-${createHash('sha256').update(dir).digest('hex').slice(0, 32)}`;
  let release: (() => Promise<void>) | undefined;
  const hasLock = async () => (release = await tryListen(name)) !== undefined;
  if (!(await waitUntil(hasLock, WAIT_MS, 50))) {
    throw new TestbedError(`Another "up" or "down" has been at work in ${dir} for a minute.`);
  }
  try {
    return await action();
  } finally {
    await release?.();
  }
}

function tryListen(name: string): Promise<(() => Promise<void>) | undefined> {
  const server = createServer(connection => connection.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)
    );
    server.listen(name, () => {
      resolve(() => new Promise(closed => server.close(() => closed())));
    });
  });
}
