import { createHmac } from 'node:crypto';
import type { HostName } from '../service/transports/host-keys/known-hosts';

/** Public keys of hosts; the right one is the host's own. */
export type Keys = { right: string; ecdsa: string; other: string };
/** What is made of the host's key. */
export type Verdict = 'known' | 'unknown' | 'changed' | 'revoked';

const hash = (name: string, salt = 'saltsaltsaltsaltsalt'): string => {
  const key = Buffer.from(salt);
  const digest = createHmac('sha1', key).update(name).digest('base64');
  return `|1|${key.toString('base64')}|${digest}`;
};

/** A known_hosts file, who is looked for in it, and what comes of it. */
export type KnownHostsCase = {
  name: string;
  host?: Partial<HostName>;
  lines: (keys: Keys) => string[];
  /** Lines of the machine's own file. */
  machine?: (keys: Keys) => string[];
  verdict: Verdict;
};

/** The host that is looked for unless a case says otherwise. */
export const KNOWN_HOST = 'login.site.org';
const onPort = { port: 2222 };

/** What known_hosts files can say of a host; each verdict is that of `ssh` itself. */
export const KNOWN_HOSTS_CASES: readonly KnownHostsCase[] = [
  { name: 'nothing', lines: () => [], verdict: 'unknown' },
  { name: 'its key', lines: k => [`${KNOWN_HOST} ${k.right}`], verdict: 'known' },
  {
    name: 'another key of the same type',
    lines: k => [`${KNOWN_HOST} ${k.other}`],
    verdict: 'changed'
  },
  { name: 'a key of another type', lines: k => [`${KNOWN_HOST} ${k.ecdsa}`], verdict: 'changed' },
  {
    name: 'two keys, one of them right',
    lines: k => [`${KNOWN_HOST} ${k.other}`, `${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'the key of another host',
    lines: k => [`other.site.org ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'a comment', lines: k => [`# ${KNOWN_HOST} ${k.right}`], verdict: 'unknown' },
  {
    name: 'a comment after the key',
    lines: k => [`${KNOWN_HOST} ${k.right} me@home`],
    verdict: 'known'
  },
  {
    name: 'an empty line and spaces',
    lines: k => ['', `  ${KNOWN_HOST}   ${k.right}  `],
    verdict: 'known'
  },
  {
    name: 'tabs',
    lines: k => [`\t${KNOWN_HOST}\t${k.right.replace(' ', '\t')}`],
    verdict: 'known'
  },
  { name: 'a list of names', lines: k => [`a,${KNOWN_HOST},b ${k.right}`], verdict: 'known' },
  { name: 'a list without it', lines: k => [`a,b ${k.right}`], verdict: 'unknown' },
  { name: 'capitals in the file', lines: k => [`LOGIN.Site.ORG ${k.right}`], verdict: 'known' },
  {
    name: 'capitals in the name',
    host: { name: 'Login.SITE.org' },
    lines: k => [`${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  { name: 'a star', lines: k => [`*.site.org ${k.right}`], verdict: 'known' },
  { name: 'a star alone', lines: k => [`* ${k.right}`], verdict: 'known' },
  { name: 'a star for another domain', lines: k => [`*.site.com ${k.right}`], verdict: 'unknown' },
  { name: 'a question mark', lines: k => [`log?n.site.org ${k.right}`], verdict: 'known' },
  {
    name: 'a question mark too many',
    lines: k => [`login?.site.org ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a dot, which is no pattern',
    lines: k => [`loginxsite.org ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a bracket, which is no pattern',
    lines: k => [`[l]ogin.site.org ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a negation after',
    lines: k => [`*.site.org,!${KNOWN_HOST} ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a negation before',
    lines: k => [`!${KNOWN_HOST},*.site.org ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a negation of another',
    lines: k => [`*.site.org,!x.site.org ${k.right}`],
    verdict: 'known'
  },
  { name: 'a negation alone', lines: k => [`!x.site.org ${k.right}`], verdict: 'unknown' },
  { name: 'a hashed name', lines: k => [`${hash(KNOWN_HOST)} ${k.right}`], verdict: 'known' },
  {
    name: 'a hashed name with another key',
    lines: k => [`${hash(KNOWN_HOST)} ${k.other}`],
    verdict: 'changed'
  },
  {
    name: 'a hashed other name',
    lines: k => [`${hash('x.site.org')} ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a hash of a later version',
    lines: k => [`${hash(KNOWN_HOST).replace('|1|', '|2|')} ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'a broken hash', lines: k => [`|1|abc ${k.right}`], verdict: 'unknown' },
  {
    name: 'its key on its port',
    host: onPort,
    lines: k => [`[${KNOWN_HOST}]:2222 ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'its key on another port',
    host: onPort,
    lines: k => [`[${KNOWN_HOST}]:2223 ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'another key on its port',
    host: onPort,
    lines: k => [`[${KNOWN_HOST}]:2222 ${k.other}`],
    verdict: 'changed'
  },
  {
    name: 'its key without the port',
    host: onPort,
    lines: k => [`${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'another key without the port',
    host: onPort,
    lines: k => [`${KNOWN_HOST} ${k.other}`],
    verdict: 'unknown'
  },
  {
    name: 'another key on its port, the right one without',
    host: onPort,
    lines: k => [`[${KNOWN_HOST}]:2222 ${k.other}`, `${KNOWN_HOST} ${k.right}`],
    verdict: 'changed'
  },
  {
    name: 'a bracketed name on port 22',
    lines: k => [`[${KNOWN_HOST}]:22 ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'a star for the port',
    host: onPort,
    lines: k => [`[*.site.org]:* ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a hashed name with its port',
    host: onPort,
    lines: k => [`${hash(`[${KNOWN_HOST}]:2222`)} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an alias',
    host: { alias: 'the-site' },
    lines: k => [`the-site ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an alias, on a port that does not count',
    host: { alias: 'the-site', ...onPort },
    lines: k => [`the-site ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'the name, where an alias counts',
    host: { alias: 'the-site', ...onPort },
    lines: k => [`${KNOWN_HOST} ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'IPv6', host: { name: '::1' }, lines: k => [`::1 ${k.right}`], verdict: 'known' },
  {
    name: 'IPv6 on a port',
    host: { name: '::1', port: 2222 },
    lines: k => [`[::1]:2222 ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a revoked key',
    lines: k => [`@revoked ${KNOWN_HOST} ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'a key revoked after it was known',
    lines: k => [`${KNOWN_HOST} ${k.right}`, `@revoked * ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'a key revoked before it was known',
    lines: k => [`@revoked * ${k.right}`, `${KNOWN_HOST} ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'another key revoked',
    lines: k => [`@revoked * ${k.other}`, `${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'another key revoked, none known',
    lines: k => [`@revoked * ${k.other}`],
    verdict: 'unknown'
  },
  {
    name: 'a key revoked for another host',
    lines: k => [`@revoked x.site.org ${k.right}`, `${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a key revoked without the port',
    host: onPort,
    lines: k => [`@revoked ${KNOWN_HOST} ${k.right}`, `[${KNOWN_HOST}]:2222 ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an authority’s key, which is none of the host',
    lines: k => [`@cert-authority ${KNOWN_HOST} ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'an authority beside its key',
    lines: k => [`@cert-authority *.site.org ${k.other}`, `${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a marker that is not known',
    lines: k => [`@other ${KNOWN_HOST} ${k.right}`],
    verdict: 'unknown'
  },
  { name: 'a line without a key', lines: () => [`${KNOWN_HOST} ssh-ed25519`], verdict: 'unknown' },
  { name: 'a line with nothing but the host', lines: () => [KNOWN_HOST], verdict: 'unknown' },
  {
    name: 'a key cut short',
    lines: k => [`${KNOWN_HOST} ${k.other.slice(0, -8)}`],
    verdict: 'unknown'
  },
  {
    name: 'a type that is not the key’s',
    lines: k => [`${KNOWN_HOST} ssh-rsa ${k.right.split(' ')[1]}`],
    verdict: 'unknown'
  },
  {
    name: 'a key that is no base64',
    lines: () => [`${KNOWN_HOST} ssh-ed25519 !!!!`],
    verdict: 'unknown'
  },
  {
    name: 'line ends of Windows',
    lines: k => [`${KNOWN_HOST} ${k.right}\r`],
    verdict: 'known'
  },
  {
    name: 'line ends of Windows, with a comment',
    lines: k => [`# mine\r`, `${KNOWN_HOST} ${k.right} me@home\r`],
    verdict: 'known'
  },
  {
    name: 'line ends of Windows and another key',
    lines: k => [`${KNOWN_HOST} ${k.other}\r`],
    verdict: 'changed'
  },
  {
    name: 'a hashed name without the port',
    host: onPort,
    lines: k => [`${hash(KNOWN_HOST)} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a hashed name with another port',
    host: onPort,
    lines: k => [`${hash(`[${KNOWN_HOST}]:2223`)} ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'another key under the hashed name with its port',
    host: onPort,
    lines: k => [`${hash(`[${KNOWN_HOST}]:2222`)} ${k.other}`],
    verdict: 'changed'
  },
  {
    name: 'a hashed name in capitals',
    host: { name: 'LOGIN.site.org' },
    lines: k => [`${hash(KNOWN_HOST)} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a hashed name and a second one',
    lines: k => [`${hash(KNOWN_HOST)},x ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'hashed IPv6 on a port',
    host: { name: '::1', port: 2222 },
    lines: k => [`${hash('[::1]:2222')} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'IPv6 written in full',
    host: { name: '::1' },
    lines: k => [`0:0:0:0:0:0:0:1 ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'IPv6 in brackets on port 22',
    host: { name: '::1' },
    lines: k => [`[::1]:22 ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'an IPv4 address by a pattern',
    host: { name: '10.1.2.3' },
    lines: k => [`10.1.*,!10.1.9.* ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an IPv4 address by a pattern that leaves it out',
    host: { name: '10.1.9.3' },
    lines: k => [`10.1.*,!10.1.9.* ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'another key in the machine’s file',
    lines: () => [],
    machine: k => [`${KNOWN_HOST} ${k.other}`],
    verdict: 'changed'
  },
  {
    name: 'its key in the machine’s file',
    lines: () => [],
    machine: k => [`${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'its key in the machine’s file, another in the person’s',
    lines: k => [`${KNOWN_HOST} ${k.other}`],
    machine: k => [`${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'its key in the person’s file, revoked in the machine’s',
    lines: k => [`${KNOWN_HOST} ${k.right}`],
    machine: k => [`@revoked * ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'its key in the machine’s file, revoked in the person’s by a hash',
    lines: k => [`@revoked ${hash(KNOWN_HOST)} ${k.right}`],
    machine: k => [`${KNOWN_HOST} ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'a revoked key on a port',
    host: onPort,
    lines: k => [`@revoked [${KNOWN_HOST}]:2222 ${k.right}`, `[${KNOWN_HOST}]:2222 ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'an alias in capitals',
    host: { alias: 'The-Site' },
    lines: k => [`the-site ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a hashed alias on a port',
    host: { alias: 'the-site', ...onPort },
    lines: k => [`${hash('the-site')} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an alias that is revoked',
    host: { alias: 'the-site' },
    lines: k => [`@revoked the-* ${k.right}`, `the-site ${k.right}`],
    verdict: 'revoked'
  },
  {
    name: 'an authority on the host’s port',
    host: onPort,
    lines: k => [`@cert-authority [*.site.org]:* ${k.other}`, `[${KNOWN_HOST}]:2222 ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a marker in capitals',
    lines: k => [`@Revoked * ${k.right}`, `${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'an old key of protocol 1',
    lines: k => [`${KNOWN_HOST} 1024 35 1234567890`, `${KNOWN_HOST} ${k.right}`],
    verdict: 'known'
  },
  {
    name: 'a hash with too little salt',
    lines: k => [`${hash(KNOWN_HOST, 'salt')} ${k.right}`],
    verdict: 'unknown'
  },
  {
    name: 'an empty name in a list',
    lines: k => [`,${KNOWN_HOST}, ${k.right}`],
    verdict: 'known'
  }
];
