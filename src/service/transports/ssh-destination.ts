/** What a person wrote to name a host. */
export type SshDestination = { host: string; user?: string; port?: number };

const MAX_PORT = 65_535;

/** Parse `host`, `user@host`, `user@host:port`, `[ipv6]:port` or `ssh://…`; null for anything else. */
export function parseDestination(text: string): SshDestination | null {
  const bare = text.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  // A user may contain an @; a host cannot.
  const at = bare.lastIndexOf('@');
  const user = at === -1 ? undefined : bare.slice(0, at);
  const parsed = parseHost(bare.slice(at + 1));
  if (parsed === null || user === '') {
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
