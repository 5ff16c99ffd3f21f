type Code = 'host-unreachable' | 'authentication-refused' | 'config-invalid';

/** Words of OpenSSH, and what they mean. */
export type OpensshWords = {
  is: RegExp;
  code: Code;
  /** In our words; absent: as OpenSSH says it, which is in the first group. */
  problem?: string;
};

/** Last words of OpenSSH during a login; the last line that fits any row counts, by the first such row. */
export const OPENSSH_LOGIN_WORDS: readonly OpensshWords[] = [
  {
    is: /Could not resolve hostname .*(?:not known|No address|nodename nor servname)/,
    code: 'host-unreachable',
    problem: 'the name is not known'
  },
  {
    is: /Could not resolve hostname/,
    code: 'host-unreachable',
    problem: 'the name cannot be looked up; the network may be down'
  },
  {
    is: /(?:connect to host .*|open failed: connect failed): Connection refused/,
    code: 'host-unreachable',
    problem: 'nothing answers on that port'
  },
  {
    is: /(?:connect to host .*|open failed: connect failed): .*(?:No route|unreachable|is down|assign requested)/,
    code: 'host-unreachable',
    problem: 'there is no way to it from here'
  },
  {
    is: /timed out during banner exchange|Connection to .* timed out$/,
    code: 'host-unreachable',
    problem: 'it did not finish the login in time'
  },
  {
    is: /(?:connect to host .*|open failed: connect failed): .*timed out/,
    code: 'host-unreachable',
    problem: 'it does not answer'
  },
  {
    is: /open failed: (?:administratively prohibited|unknown channel type|resource shortage)/,
    code: 'host-unreachable',
    problem: 'the jump host does not let connections to it through'
  },
  { is: /open failed: connect failed: (.+)$/, code: 'host-unreachable' },
  {
    is: /Too many authentication failures/,
    code: 'authentication-refused',
    problem: 'it refused too many keys; name the right one with IdentityFile and IdentitiesOnly'
  },
  {
    is: /no matching .+ found/,
    code: 'host-unreachable',
    problem: 'it and OpenSSH here have no way of encryption in common'
  },
  {
    is: /^(.*(?:Bad configuration option|Bad owner or permissions|extra arguments|[Mm]issing argument|[Uu]nsupported option|percent_expand|[Bb]ad number|Bad port|invalid (?:time|quotes|port)|Unterminated|garbage at end).*)$/,
    code: 'config-invalid'
  },
  {
    is: /^(?:[Bb]anner exchange: .*invalid format|.*client sent invalid protocol identifier.*)$/,
    code: 'host-unreachable',
    problem: 'what answers there is no SSH server'
  },
  {
    is: /Connection (?:closed|reset) by|Connection to .* closed by remote host|Broken pipe/,
    code: 'host-unreachable',
    problem:
      'it closed the connection during the login; it may have too many, or block this address'
  },
  { is: /^ssh: connect to host .*: (.+)$/, code: 'host-unreachable' },
  { is: /Received disconnect from .*?: ?(?:\d+: ?)?(.+)$/, code: 'host-unreachable' }
];
