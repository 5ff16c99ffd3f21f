/** What a person wrote to name a host. */
export type SshDestination = { host: string; user?: string; port?: number };

/** The destination as a person would write it. */
export function destinationText({ host, user, port }: SshDestination): string {
  const bare = host.includes(':') && port !== undefined ? `[${host}]` : host;
  return `${user === undefined ? '' : `${user}@`}${bare}${port === undefined ? '' : `:${port}`}`;
}

const MAX_PORT = 65_535;

// What ssh refuses as well, since ProxyCommand and Match exec hand the names to a shell.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE_HOST = /['`"$\\;&<>|(){}\s\u0000-\u001f\u007f]/;
// eslint-disable-next-line no-control-regex -- as above
const UNSAFE_USER = /^-|['`";&<>|(){}\u0000-\u001f\u007f]|\s-|\\$/;

/** Parse `host`, `user@host`, `user@host:port`, `[ipv6]:port` or `ssh://…`; null for anything else. */
export function parseDestination(text: string): SshDestination | null {
  const bare = text.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  // A user may contain an @; a host cannot.
  const at = bare.lastIndexOf('@');
  const user = at === -1 ? undefined : bare.slice(0, at);
  const parsed = parseHost(bare.slice(at + 1));
  const isSafe = parsed !== null && !UNSAFE_HOST.test(parsed.host) && !UNSAFE_USER.test(user ?? '');
  if (!isSafe || user === '') {
    return null;
  }
  return { ...parsed, user };
}

function parseHost(text: string): { host: string; port?: number } | null {
  const bracketed = /^\[([0-9A-Fa-f:.%\w]+)\](?::(\d+))?$/.exec(text);
  const plain = /^([^\s:@[\]/-][^\s:@[\]/]*)(?::(\d+))?$/.exec(text);
  const ipv6 = /^([0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%\w]*)$/.exec(text);
  const [, host, digits] = bracketed ?? plain ?? ipv6 ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || port === 0 || (port ?? 0) > MAX_PORT) {
    return null;
  }
  return { host, port };
}
