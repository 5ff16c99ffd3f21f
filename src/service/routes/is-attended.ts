import type { FastifyRequest } from 'fastify';
import type { LoginDesk } from '../logins/login-desk';

/**
 * Whether a login that a request leads to may ask a person. A caller that can show no question says so;
 * then only somebody else who shows them can be asked.
 */
export function isAttended(
  { headers, routeOptions }: Pick<FastifyRequest, 'headers' | 'routeOptions'>,
  { isShown }: Pick<LoginDesk, 'isShown'>
): boolean {
  const { rule } = routeOptions.config;
  if (rule?.mayAsk !== true) {
    throw new Error(`the rule of ${rule?.path ?? 'this route'} does not let it ask a person`);
  }
  return headers['x-sluice-unattended'] === undefined || isShown;
}
