import { ERRORS } from '../../../../shared/errors';
import { opensshLoginError, opensshLossProblem } from '../openssh-words';

const context = {
  target: 'cluster',
  host: 'login',
  user: 'me',
  configPath: '/home/me/.ssh/config',
  knownHosts: '/home/me/.ssh/known_hosts',
  aliases: new Map([
    ['login.site.org', 'login'],
    ['jump.site.org', 'jump']
  ])
};

const errorOf = (...lines: string[]) => opensshLoginError(lines, context, 255);

const END_OF_WAY = [
  'stdio forwarding failed',
  'kex_exchange_identification: Connection closed by remote host',
  'Connection closed by UNKNOWN port 65535'
];

describe('the last words of OpenSSH become our errors', () => {
  it.each([
    [
      'host-unreachable',
      'the name is not known',
      ['ssh: Could not resolve hostname x: Name or service not known']
    ],
    [
      'host-unreachable',
      'the network may be down',
      ['ssh: Could not resolve hostname x: Temporary failure in name resolution']
    ],
    [
      'host-unreachable',
      'nothing answers on that port',
      ['ssh: connect to host x port 22: Connection refused\r']
    ],
    [
      'host-unreachable',
      'there is no way to it',
      ['ssh: connect to host x port 22: No route to host']
    ],
    [
      'host-unreachable',
      'there is no way to it',
      ['ssh: connect to host x port 22: Network is unreachable']
    ],
    [
      'host-unreachable',
      'it does not answer',
      ['ssh: connect to host x port 22: Connection timed out']
    ],
    [
      'host-unreachable',
      'it does not answer',
      ['ssh: connect to host x port 22: Operation timed out']
    ],
    [
      'host-unreachable',
      'Permission denied',
      ['ssh: connect to host x port 22: Permission denied']
    ],
    [
      'host-unreachable',
      'did not finish the login in time',
      ['Connection timed out during banner exchange', 'Connection to 127.0.0.1 port 1 timed out']
    ],
    [
      'host-unreachable',
      'closed the connection during the login',
      [
        'kex_exchange_identification: Connection closed by remote host',
        'Connection closed by 1.2.3.4 port 22'
      ]
    ],
    [
      'host-unreachable',
      'no way of encryption in common',
      ['Unable to negotiate with 1.2.3.4 port 22: no matching cipher found. Their offer: x']
    ],
    [
      'host-unreachable',
      'jump host does not let connections to it through',
      ['channel 0: open failed: administratively prohibited: open failed', ...END_OF_WAY]
    ],
    [
      'host-unreachable',
      'nothing answers on that port',
      ['channel 0: open failed: connect failed: Connection refused', ...END_OF_WAY]
    ],
    [
      'host-unreachable',
      'the name is not known',
      ['ssh: Could not resolve hostname jump: Name or service not known', ...END_OF_WAY]
    ],
    [
      'host-unreachable',
      'ended before the login: /bin/bash: line 1: exec: connect-proxy: not found',
      ['/bin/bash: line 1: exec: connect-proxy: not found', ...END_OF_WAY]
    ],
    [
      'host-unreachable',
      'maintenance until noon',
      ['Received disconnect from 1.2.3.4 port 22:11: maintenance until noon']
    ],
    [
      'authentication-refused',
      'refused too many keys',
      [
        'Received disconnect from 1.2.3.4 port 22:2: Too many authentication failures',
        'Disconnected from 1.2.3.4 port 22'
      ]
    ],
    [
      'authentication-refused',
      'accepts publickey,password',
      ['debug1: x', 'me@login.site.org: Permission denied (publickey,password).']
    ],
    [
      'authentication-refused',
      'can be read by others',
      [
        '@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @',
        'me@login.site.org: Permission denied (publickey).'
      ]
    ],
    [
      'authentication-refused',
      'the agent refused',
      [
        'sign_and_send_pubkey: signing failed for ED25519 "x" from agent: agent refused operation',
        'me@login.site.org: Permission denied (publickey).'
      ]
    ],
    [
      'config-invalid',
      'Bad configuration option: bogus',
      [
        '/home/me/.ssh/config: line 1: Bad configuration option: bogus',
        '/home/me/.ssh/config: terminating, 1 bad configuration options'
      ]
    ],
    ['config-invalid', "Bad port 'x'", ["/home/me/.ssh/config line 1: Bad port 'x'."]],
    [
      'config-invalid',
      'Bad owner or permissions',
      ['Bad owner or permissions on /home/me/.ssh/config']
    ],
    ['host-unreachable', 'something new', ['debug1: known', 'something new', '']],
    ['host-unreachable', 'ssh ended with status 255', []]
  ] as const)('%s: %s', (code, problem, lines) => {
    const error = errorOf(...lines);
    expect(error.code).toBe(code);
    expect(String(error.details.problem)).toContain(problem);
    // Nothing that the message needs is missing.
    expect(error.message).not.toContain('?');
    expect(ERRORS[code].message).toContain('{problem}');
  });

  it('names the jump host that refused', () => {
    const error = errorOf('you@jump.site.org: Permission denied (publickey).', ...END_OF_WAY);
    expect(error).toMatchObject({
      code: 'authentication-refused',
      details: { host: 'jump', user: 'you', methods: 'publickey' }
    });
  });

  it('does not take the server’s banner for the reason', () => {
    const error = errorOf(
      'me@login.site.org: Permission denied (publickey).',
      'ssh: connect to host x port 22: Connection refused'
    );
    expect(error.code).toBe('host-unreachable');
  });

  it('tells a changed key with its file and line', () => {
    const error = errorOf(
      'debug1: Server host key: ssh-ed25519 SHA256:abc',
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
      'Offending ECDSA key in /home/me/.ssh/known hosts:12',
      'Host key for [jump.site.org]:2222 has changed and you have requested strict checking.',
      'Host key verification failed.'
    );
    expect(error.code).toBe('host-key-changed');
    expect(error.details).toEqual({
      host: 'jump',
      algorithm: 'ED25519',
      fingerprint: 'SHA256:abc',
      knownHosts: '/home/me/.ssh/known hosts',
      line: 12
    });
  });
});

describe('a connection that is gone', () => {
  it.each([
    ['nothing came from it for too long', ['Timeout, server 1.2.3.4 not responding.']],
    ['it closed the connection', ['Connection to 1.2.3.4 closed by remote host.']],
    ['Broken pipe', ['client_loop: send disconnect: Broken pipe']],
    ['ssh has ended', ['debug1: channel 0: free']]
  ])('%s', (problem, lines) => {
    expect(opensshLossProblem(lines)).toBe(problem);
  });
});
