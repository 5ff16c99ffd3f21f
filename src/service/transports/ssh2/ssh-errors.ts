import { SluiceError } from '../../../shared/errors';
import { cleanServerWords } from '../login/server-words';

const MOST_CHARACTERS = 300;

/** What an error of ssh2 or of a socket may carry. */
export type RawSshError = Error & {
  code?: string | number;
  level?: string;
  reason?: number | string;
};

/** Where it happened: while logging in, or on a connection that stood. */
export type SshPhase = 'login' | 'session';

export type SshErrorContext = { phase: SshPhase; target: string; host: string; user: string };

type Row = {
  /** What is matched: error codes of the system, numbers of SSH disconnects, or the words. */
  is: readonly (string | number)[] | RegExp;
  code: 'host-unreachable' | 'authentication-refused';
  problem: string;
};

/** Errors during a login; the first row that fits counts. After it, each means a lost connection. */
export const LOGIN_ERRORS: readonly Row[] = [
  { is: ['ENOTFOUND'], code: 'host-unreachable', problem: 'the name is not known' },
  {
    is: ['EAI_AGAIN', 'EAI_FAIL'],
    code: 'host-unreachable',
    problem: 'the name cannot be looked up; the network may be down'
  },
  { is: ['ECONNREFUSED'], code: 'host-unreachable', problem: 'nothing answers on that port' },
  {
    is: ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL'],
    code: 'host-unreachable',
    problem: 'there is no way to it from here'
  },
  { is: ['ETIMEDOUT'], code: 'host-unreachable', problem: 'it does not answer' },
  {
    is: /^Timed out while waiting for handshake$/,
    code: 'host-unreachable',
    problem: 'it did not finish the login in time'
  },
  {
    is: /too many authentication failures/i,
    code: 'authentication-refused',
    problem: 'it refused too many keys; name the right one with IdentityFile and IdentitiesOnly'
  },
  // Numbers are the reasons of SSH's disconnect message: 14, no more ways to log in.
  { is: [14], code: 'authentication-refused', problem: 'it accepts none of the ways to log in' },
  {
    is: /^All configured authentication methods failed$/,
    code: 'authentication-refused',
    problem: 'it accepted no key'
  },
  { is: [12], code: 'host-unreachable', problem: 'it has too many connections' },
  {
    is: ['ECONNRESET', 'EPIPE', 'ECONNABORTED'],
    code: 'host-unreachable',
    problem:
      'it closed the connection during the login; it may have too many, or block this address'
  },
  {
    is: /^Connection lost before handshake$|^No response from server$/,
    code: 'host-unreachable',
    problem:
      'it closed the connection during the login; it may have too many, or block this address'
  },
  {
    is: /no matching (.+)$/,
    code: 'host-unreachable',
    problem: 'it and Sluice have no way of encryption in common'
  },
  {
    is: /Channel open failure/,
    code: 'host-unreachable',
    problem: 'the jump host does not let connections to it through'
  }
];

function fits({ is }: Row, error: RawSshError): boolean {
  if (is instanceof RegExp) {
    return is.test(error.message);
  }
  return error.code !== undefined && is.includes(error.code);
}

/** An error of ssh2 or the system in our words, the original kept as its cause. */
export function translateSshError(error: RawSshError, context: SshErrorContext): SluiceError {
  if (error instanceof SluiceError) {
    return error;
  }
  const { target, host, user, phase } = context;
  // A host that disconnects says why, in words of its own.
  const words = cleanServerWords(error.message, MOST_CHARACTERS);
  if (phase === 'session') {
    return new SluiceError('connection-lost', { host, problem: words }, { cause: error });
  }
  const row = LOGIN_ERRORS.find(candidate => fits(candidate, error));
  const code = row?.code ?? 'host-unreachable';
  const problem = row?.problem ?? words;
  return new SluiceError(code, { target, host, user, problem }, { cause: error });
}
