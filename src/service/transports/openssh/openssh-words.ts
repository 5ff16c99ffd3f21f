import { SluiceError } from '../../../shared/errors';
import { OPENSSH_LOGIN_WORDS } from './openssh-login-words';

export type OpensshContext = {
  target: string;
  host: string;
  user: string;
  /** The person's configuration, for its faults. */
  configPath: string;
  /** Where a new host key would be stored. */
  knownHosts: string;
  /** Names of the person for the host names that OpenSSH shows. */
  aliases: ReadonlyMap<string, string>;
};

const DENIED = /(?:^|\s)(\S+@\S+): Permission denied \(([^)]*)\)/;

/** What OpenSSH says when a jump host or a ProxyCommand failed; why is said before. */
const OF_WAY =
  /UNKNOWN port|^kex_exchange_identification: Connection closed by remote host|^stdio forwarding failed/;

/** Lines that are not OpenSSH's own running commentary. */
export const isPlain = (line: string): boolean =>
  line !== '' && !/^debug\d: |^OpenSSH_|^Authenticated to |^Transferred: |^Bytes per /.test(line);

/** Why a login of OpenSSH failed, from all that it wrote to stderr. */
export function opensshLoginError(
  lines: readonly string[],
  context: OpensshContext,
  status: number | null
): SluiceError {
  const plain = lines.map(line => line.replace(/\r$/, '')).filter(isPlain);
  const cause = new Error(plain.slice(-12).join('\n') || `ssh ended with status ${status}`);
  const hostKey = hostKeyError(lines, context, cause);
  if (hostKey !== null) {
    return hostKey;
  }
  for (const line of plain.filter(said => !OF_WAY.test(said)).reverse()) {
    const error = DENIED.test(line) ? denied(line, plain, context) : byRow(line, context);
    if (error !== null) {
      return new SluiceError(error.code, error.details, { cause });
    }
  }
  const problem = unknownProblem(plain) ?? `ssh ended with status ${status}`;
  return new SluiceError('host-unreachable', { ...named(context), problem }, { cause });
}

/** What no row knows, as OpenSSH, a jump host or a ProxyCommand says it. */
function unknownProblem(plain: readonly string[]): string | undefined {
  const last = plain.filter(line => !OF_WAY.test(line)).at(-1);
  if (!plain.some(line => OF_WAY.test(line))) {
    return last;
  }
  const way = 'the way to it (ProxyCommand or jump host) ended before the login';
  return last === undefined ? way : `${way}: ${last}`;
}

const named = ({ target, host, user }: OpensshContext) => ({ target, host, user });

function byRow(line: string, context: OpensshContext): SluiceError | null {
  for (const { is, code, problem } of OPENSSH_LOGIN_WORDS) {
    const match = is.exec(line);
    if (match !== null) {
      const said = problem ?? match[1] ?? line;
      const path = context.configPath;
      return new SluiceError(code, { ...named(context), problem: said, path });
    }
  }
  return null;
}

/** What the refusal of a key says of why; in the order in which it helps. */
const NOTES: readonly [RegExp, string][] = [
  [/UNPROTECTED PRIVATE KEY FILE/, 'a key file can be read by others, so it was not used'],
  [/incorrect passphrase supplied/, 'the passphrase of the key was not right'],
  [/agent refused operation/, 'the agent refused to use the key'],
  [/Certificate .*(?:expired|not yet valid)/i, 'the certificate is not valid now'],
  [/^Load key "(.*)": (.*)$/, 'a key could not be read']
];

function denied(line: string, plain: readonly string[], context: OpensshContext): SluiceError {
  const [, login = '', methods = ''] = DENIED.exec(line) ?? [];
  const at = login.lastIndexOf('@');
  const user = login.slice(0, at);
  const host = context.aliases.get(login.slice(at + 1)) ?? context.host;
  const notes = NOTES.filter(([is]) => plain.some(said => is.test(said))).map(([, note]) => note);
  const problem = [
    `it accepts ${methods || 'nothing'}, and none of that went`,
    ...notes.slice(0, 1)
  ];
  const details = { ...named(context), host, user, problem: problem.join('; '), methods };
  return new SluiceError('authentication-refused', details);
}

function hostKeyError(
  lines: readonly string[],
  context: OpensshContext,
  cause: Error
): SluiceError | null {
  const text = lines.join('\n');
  if (!/Host key verification failed|host key for .* has changed|HOST KEY DETECTED/.test(text)) {
    return null;
  }
  const shown = hostKeyShown(text);
  const host = hostShown(text, context);
  const [, knownHosts, line] = /Offending .*? in (.+):(\d+)\r?$/m.exec(text) ?? [];
  const details = { host, ...shown, knownHosts: knownHosts ?? context.knownHosts };
  if (/REVOKED HOST KEY DETECTED/.test(text)) {
    return new SluiceError('host-key-revoked', details, { cause });
  }
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/.test(text)) {
    const at = line === undefined ? null : Number(line);
    return new SluiceError('host-key-changed', { ...details, line: at }, { cause });
  }
  return new SluiceError('host-key-unknown', details, { cause });
}

/** Whose key it was: with jump hosts, not always the last one's. */
function hostShown(text: string, { aliases, host }: OpensshContext): string {
  const [, name = ''] =
    /host key (?:for|is known for) (\S+) (?:is marked|was revoked|has changed|and you)/i.exec(
      text
    ) ?? [];
  const bare = /^\[(.*)\](?::\d+)?$/.exec(name)?.[1] ?? name;
  return aliases.get(bare) ?? host;
}

/** The key that the host showed last: with jump hosts, the one that was refused. */
function hostKeyShown(text: string): { algorithm: string; fingerprint: string } {
  const shown = [...text.matchAll(/Server host (?:key|certificate): (\S+) (\w+:[^\s,]+)/g)];
  const [, type = '', fingerprint = ''] = shown.at(-1) ?? [];
  return { algorithm: algorithmWord(type), fingerprint };
}

/** As OpenSSH names an algorithm to a person: `ssh-ed25519` is ED25519. */
function algorithmWord(type: string): string {
  const [, word = type] =
    /^(?:ssh-)?(rsa|dss|ed25519|ecdsa|sk-ssh-ed25519|sk-ecdsa)/.exec(type) ?? [];
  return word.toUpperCase();
}

/** Why a connection that stood is gone, from the words that OpenSSH wrote last. */
export function opensshLossProblem(lines: readonly string[]): string {
  const plain = lines.filter(isPlain);
  if (plain.some(line => /^Timeout, server .* not responding/.test(line))) {
    return 'nothing came from it for too long';
  }
  if (plain.some(line => /closed by remote host|Connection closed by/.test(line))) {
    return 'it closed the connection';
  }
  const [, said] =
    /(?:client_loop: .*: |Received disconnect from .*?: ?(?:\d+: ?)?)(.+)$/.exec(
      plain.at(-1) ?? ''
    ) ?? [];
  return said ?? plain.at(-1) ?? 'ssh has ended';
}
