import type { IncomingHttpHeaders } from 'node:http';
import type { LoginDesk } from '../logins/login-desk';

/**
 * Whether a login that a request leads to may ask a person. A caller that can show no question says so;
 * then only somebody else who shows them can be asked.
 */
export function isAttended(
  { headers }: { headers: IncomingHttpHeaders },
  { isShown }: Pick<LoginDesk, 'isShown'>
): boolean {
  return headers['x-sluice-unattended'] === undefined || isShown;
}
