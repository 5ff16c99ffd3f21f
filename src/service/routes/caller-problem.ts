import type { IncomingHttpHeaders } from 'node:http';

/** What is looked at: only a program of this person, on this machine, may ask. */
type Caller = Pick<IncomingHttpHeaders, 'host' | 'origin'> & { 'sec-fetch-site'?: unknown };

/** Names of this machine; a page that has its own name point here sends that name, with a dot in it. */
const OWN_HOST = /^(?:[\w-]+|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * Why a caller is refused; null: it may ask. Pages never speak with the service, only with Jupyter, whose
 * checks are its own, and which passes neither of these headers on. Behind the socket the person's
 * own uid is proven by the modes of its folder; another door needs a token, to be checked here as well.
 */
export function callerProblem(headers: Caller): string | null {
  const { host, origin } = headers;
  if (origin !== undefined) {
    return 'it is a page in a browser';
  }
  if (headers['sec-fetch-site'] !== undefined) {
    return 'it is a browser';
  }
  if (host === undefined || !OWN_HOST.test(host)) {
    return 'it asks for another host than this one';
  }
  return null;
}
