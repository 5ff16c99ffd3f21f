import { createServer } from 'node:net';
import { ASKED_LOGINS } from './asked-logins';
import { HOST_KEY_LOGINS } from './host-key-logins';
import { KEY_LOGINS } from './key-logins';
import type { LoginCase } from './login-case';
import { WAY_LOGINS } from './way-logins';

/** Every kind of login that a site may ask for, against real set-ups. */
export const LOGIN_CASES: readonly LoginCase[] = [
  ...KEY_LOGINS,
  ...ASKED_LOGINS,
  ...WAY_LOGINS,
  ...HOST_KEY_LOGINS
];

/** Whether this machine has the loopback address of IPv6. */
export async function hasIpv6(): Promise<boolean> {
  const server = createServer();
  const isThere = await new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false));
    server.listen(0, '::1', () => resolve(true));
  });
  await new Promise(resolve => server.close(resolve));
  return isThere;
}
