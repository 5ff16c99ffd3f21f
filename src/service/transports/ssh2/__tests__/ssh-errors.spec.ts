import { ERRORS, SluiceError } from '../../../../shared/errors';
import { LOGIN_ERRORS, type RawSshError, translateSshError } from '../ssh-errors';

const context = { phase: 'login', target: 'curnagl', host: 'login', user: 'me' } as const;

const raw = (message: string, extra: Partial<RawSshError> = {}): RawSshError =>
  Object.assign(new Error(message), extra);

describe('an error of the login', () => {
  it.each([
    [
      raw('getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' }),
      'host-unreachable',
      'the name is not known'
    ],
    [raw('x', { code: 'EAI_AGAIN' }), 'host-unreachable', 'cannot be looked up'],
    [raw('x', { code: 'ECONNREFUSED' }), 'host-unreachable', 'nothing answers'],
    [raw('x', { code: 'EHOSTUNREACH' }), 'host-unreachable', 'no way to it'],
    [raw('x', { code: 'ETIMEDOUT' }), 'host-unreachable', 'does not answer'],
    [
      raw('x', { code: 'ECONNRESET' }),
      'host-unreachable',
      'closed the connection during the login'
    ],
    [raw('Connection lost before handshake'), 'host-unreachable', 'closed the connection'],
    [raw('Timed out while waiting for handshake'), 'host-unreachable', 'in time'],
    [
      raw('Handshake failed: no matching key exchange algorithm'),
      'host-unreachable',
      'encryption in common'
    ],
    [raw('(SSH) Channel open failure: x', { reason: 1 }), 'host-unreachable', 'the jump host'],
    [raw('TOO_MANY_CONNECTIONS', { code: 12 }), 'host-unreachable', 'too many connections'],
    [
      raw('All configured authentication methods failed'),
      'authentication-refused',
      'accepted no key'
    ],
    [
      raw('Too many authentication failures', { code: 2 }),
      'authentication-refused',
      'too many keys'
    ],
    [raw('x', { code: 14 }), 'authentication-refused', 'none of the ways'],
    [raw('something new'), 'host-unreachable', 'something new']
  ])('%s is %s: %s', (error, code, words) => {
    const translated = translateSshError(error, context);
    expect(translated.code).toBe(code);
    expect(translated.message).toContain(words);
    expect(translated.message).not.toContain('?');
    expect(translated.cause).toBe(error);
  });

  it('leaves what is in our words already as it is', () => {
    const error = new SluiceError('host-key-unknown');
    expect(translateSshError(error, context)).toBe(error);
  });

  it('has a problem for each row that reads as the end of a sentence', () => {
    for (const { code, problem } of LOGIN_ERRORS) {
      expect(ERRORS[code].message).toContain('{problem}.');
      expect(problem).toMatch(/^[a-z].*[^.]$/);
    }
  });
});

it('an error of a connection that stood is its loss', () => {
  const error = raw('read ECONNRESET', { code: 'ECONNRESET' });
  const translated = translateSshError(error, { ...context, phase: 'session' });
  expect(translated.code).toBe('connection-lost');
  expect(translated.message).toContain('read ECONNRESET');
});

it.each(['login', 'session'] as const)('a host’s own words have nothing that acts: %s', phase => {
  const error = raw('go \u001b[2Jaway\u202e', { code: 2 });
  expect(translateSshError(error, { ...context, phase }).details.problem).toBe('go away');
});
