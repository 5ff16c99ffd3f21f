import { opensshQuestion } from '../openssh-prompt';

const context = {
  host: 'cluster',
  aliases: new Map([
    ['login.site.org', 'cluster'],
    ['10.0.0.1', 'jump']
  ]),
  knownHosts: '/home/me/.ssh/known_hosts',
  said: ''
};

const question = (text: string, hint = '', said = '') =>
  opensshQuestion({ hint, text }, { ...context, said });

const HOST_KEY = [
  `The authenticity of host '[10.0.0.1]:2222 ([10.0.0.1]:2222)' can't be established.`,
  'ED25519 key fingerprint is SHA256:zOfPN4BQPLZRV1/cMlj1w07A+t8QiJUwzNgD0A8DP9o.',
  'This key is not known by any other names.',
  'Are you sure you want to continue connecting (yes/no/[fingerprint])? '
].join('\n');

describe('what OpenSSH asks becomes a question', () => {
  it('of a host key, which a yes answers', () => {
    expect(question(HOST_KEY)).toEqual({
      host: 'jump',
      kind: 'host-key',
      text: HOST_KEY,
      fields: [],
      hostKey: {
        algorithm: 'ED25519',
        fingerprint: 'SHA256:zOfPN4BQPLZRV1/cMlj1w07A+t8QiJUwzNgD0A8DP9o',
        knownHosts: '/home/me/.ssh/known_hosts'
      }
    });
  });

  it.each([
    ["Enter passphrase for key '/home/me/.ssh/id_ed25519': ", 'passphrase', 'cluster'],
    ['Enter PIN for ED25519-SK key /home/me/.ssh/id: ', 'passphrase', 'cluster'],
    ["Enter PIN for 'token': ", 'passphrase', 'cluster'],
    ["me@login.site.org's password: ", 'password', 'cluster'],
    ["you@10.0.0.1's password: ", 'password', 'jump'],
    ["Enter me@login.site.org's old password: ", 'password', 'cluster'],
    ['(me@login.site.org) Password: ', 'password', 'cluster'],
    ['Password:', 'password', 'cluster'],
    ['(you@10.0.0.1) Verification code: ', 'question', 'jump'],
    ['Verification code: ', 'question', 'cluster']
  ])('%s', (text, kind, host) => {
    expect(question(text)).toMatchObject({ kind, host, fields: [{ secret: true }] });
  });

  it('with the server’s words apart from the last line, which is what is typed', () => {
    const text =
      '(me@login.site.org) Duo login\n\n 1. Push\n 2. Call\n\nPasscode or option (1-2): ';
    expect(question(text, '', 'Welcome')).toEqual({
      host: 'cluster',
      kind: 'question',
      text: 'Welcome\nDuo login\n 1. Push\n 2. Call',
      fields: [{ label: 'Passcode or option (1-2):', secret: false }]
    });
  });

  it.each([
    ['Accept updated hostkeys? (yes/no): ', ''],
    ['Allow use of key x?\nKey fingerprint SHA256:x.', 'confirm'],
    ['Confirm user presence for key ED25519-SK SHA256:x', 'none']
  ])('that has nothing to type: %s', (text, hint) => {
    expect(question(text, hint)).toEqual({ host: 'cluster', kind: 'question', text, fields: [] });
  });
});
