import { createHash, createHmac } from 'node:crypto';
import { matchesPatternList } from '../ssh-host/host-pattern';

/** A public key of a host, as on the wire. */
export type HostKey = { type: string; blob: Buffer };

/** A usable line of a known_hosts file. */
export type KnownHostLine = {
  file: string;
  line: number;
  marker: 'none' | 'revoked' | 'authority';
  hosts: string;
  key: HostKey;
};

/** What a host is called; `alias` (HostKeyAlias) replaces name and port. */
export type HostName = { name: string; port: number; alias?: string };

/** What known_hosts says of a host's key; `line` is the one that says it. */
export type HostKeyVerdict =
  { verdict: 'known' | 'changed' | 'revoked'; line: KnownHostLine } | { verdict: 'unknown' };

const DEFAULT_PORT = 22;

/** How much salt a hashed name has. */
export const SALT_BYTES = 20;

const MARKERS: Record<string, KnownHostLine['marker']> = {
  '@revoked': 'revoked',
  '@cert-authority': 'authority'
};

/** The lines of a known_hosts file; what OpenSSH would pass over is left out. */
export function parseKnownHosts(text: string, file: string): KnownHostLine[] {
  return text.split('\n').flatMap((content, index) => {
    const parsed = parseLine(content);
    return parsed === null ? [] : [{ file, line: index + 1, ...parsed }];
  });
}

function parseLine(content: string): Omit<KnownHostLine, 'file' | 'line'> | null {
  const fields = content.trim().split(/[ \t]+/);
  const marker = fields[0]?.startsWith('@') === true ? MARKERS[fields.shift() ?? ''] : 'none';
  const [hosts, type, base64] = fields;
  if (marker === undefined || hosts === undefined || hosts === '' || hosts.startsWith('#')) {
    return null;
  }
  const key = parseHostKey(decodeBase64(base64 ?? ''));
  return key !== null && key.type === type ? { marker, hosts, key } : null;
}

/** Unlike Node's own, nothing but base64 gives bytes. */
function decodeBase64(text: string): Buffer {
  return Buffer.from(/^[A-Za-z0-9+/]+={0,2}$/.test(text) ? text : '', 'base64');
}

/** A key as on the wire: strings with their lengths before them, the first one its type. */
export function parseHostKey(blob: Buffer): HostKey | null {
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at);
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  const [type] = fields;
  return at === blob.length && type !== undefined && fields.length > 1
    ? { type: type.toString('latin1'), blob }
    : null;
}

/** How known_hosts names a host: with the port, unless it is SSH's own. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === DEFAULT_PORT ? name : `[${name}]:${port}`;
}

function namesHost(line: KnownHostLine, name: string): boolean {
  if (!line.hosts.startsWith('|')) {
    return matchesPatternList(name, line.hosts.toLowerCase().split(','));
  }
  const salt = Buffer.from(/^\|1\|([^|]+)\|/.exec(line.hosts)?.[1] ?? '', 'base64');
  return salt.length === SALT_BYTES && line.hosts === hashName(name, salt);
}

/** A host's name as HashKnownHosts writes it. */
export function hashName(name: string, salt: Buffer): string {
  const digest = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${digest}`;
}

const isSameKey = (a: HostKey, b: HostKey): boolean => a.blob.equals(b.blob);

function verdictFor(lines: readonly KnownHostLine[], name: string, key: HostKey): HostKeyVerdict {
  const ours = lines.filter(line => namesHost(line, name));
  const revoked = ours.find(line => line.marker === 'revoked' && isSameKey(line.key, key));
  if (revoked !== undefined) {
    return { verdict: 'revoked', line: revoked };
  }
  const plain = ours.filter(line => line.marker === 'none');
  const same = plain.find(line => isSameKey(line.key, key));
  if (same !== undefined) {
    return { verdict: 'known', line: same };
  }
  // Any other key of this host, of whatever type, makes it a change. OpenSSH names the last one.
  const other = plain.at(-1);
  return other === undefined ? { verdict: 'unknown' } : { verdict: 'changed', line: other };
}

/**
 * What known_hosts says of the key that a host shows. As in OpenSSH, a host on another port is also
 * known by its name alone, but only to accept it.
 */
export function hostKeyVerdict(
  lines: readonly KnownHostLine[],
  host: HostName,
  key: HostKey
): HostKeyVerdict {
  const named = verdictFor(lines, lookupName(host), key);
  if (named.verdict !== 'unknown' || host.alias !== undefined || host.port === DEFAULT_PORT) {
    return named;
  }
  const plain = verdictFor(lines, knownHostName(host.name, DEFAULT_PORT), key);
  return plain.verdict === 'known' ? plain : named;
}

/** The name under which a host's key is looked up and stored. */
export function lookupName(host: HostName): string {
  return host.alias?.toLowerCase() ?? knownHostName(host.name, host.port);
}

/** The types of key by which a host is known, so that it can be asked for one of these first. */
export function knownKeyTypes(lines: readonly KnownHostLine[], host: HostName): string[] {
  const name = lookupName(host);
  const types = lines
    .filter(line => line.marker === 'none' && namesHost(line, name))
    .map(line => line.key.type);
  return [...new Set(types)];
}

/** The line of an authority for this host, with which certificates of hosts count; null: none. */
export function authorityFor(
  lines: readonly KnownHostLine[],
  host: HostName
): KnownHostLine | null {
  const names = lookupNames(host);
  const fits = (line: KnownHostLine): boolean => names.some(name => namesHost(line, name));
  return lines.find(line => line.marker === 'authority' && fits(line)) ?? null;
}

/** Lines that tell a person more about an unknown key. */
export type Relatives = {
  /** The same key under another name. */
  sameKey: KnownHostLine | null;
  /** Another key of the same host, on SSH's own port. */
  otherKey: KnownHostLine | null;
};

/** What else is known of an unknown key, or of its host on SSH's own port. */
export function relativesOf(
  lines: readonly KnownHostLine[],
  host: HostName,
  key: HostKey
): Relatives {
  const plain = lines.filter(line => line.marker === 'none');
  const names = lookupNames(host);
  const isOfHost = (line: KnownHostLine): boolean => names.some(name => namesHost(line, name));
  return {
    sameKey: plain.find(line => isSameKey(line.key, key)) ?? null,
    otherKey: plain.find(line => isOfHost(line) && !isSameKey(line.key, key)) ?? null
  };
}

/** The names by which a host may be accepted, its own first. */
function lookupNames(host: HostName): string[] {
  const isElsewhere = host.alias === undefined && host.port !== DEFAULT_PORT;
  const name = lookupName(host);
  return isElsewhere ? [name, knownHostName(host.name, DEFAULT_PORT)] : [name];
}

/** The fingerprint of a key as OpenSSH prints it. */
export function fingerprint(key: HostKey): string {
  const digest = createHash('sha256').update(key.blob).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** The name of a key's algorithm as OpenSSH prints it. */
export function algorithmName(key: HostKey): string {
  if (key.type.startsWith('ecdsa-')) {
    return 'ECDSA';
  }
  return key.type.replace(/^ssh-/, '').replace(/^dss$/, 'dsa').toUpperCase();
}
