import type { LoginQuestion } from '../login/login-prompter';

/** What OpenSSH hands to its askpass program. */
export type AskpassCall = {
  /** `SSH_ASKPASS_PROMPT`: empty for a secret, `confirm` for a yes, `none` for mere information. */
  hint: string;
  text: string;
};

export type PromptContext = {
  /** The host as the person names it. */
  host: string;
  /** Names of the person for the host names that OpenSSH shows. */
  aliases: ReadonlyMap<string, string>;
  /** Where a new host key would be stored. */
  knownHosts: string;
  /** What the host said since the last question. */
  said: string;
};

const HOST_KEY =
  /authenticity of host '([^']*)' can't be established[\s\S]*?(\S+) key fingerprint is (\S+?)\.?\s/;
const PASSPHRASE = /^Enter (?:passphrase|PIN) for /;
const PASSWORD = /^(?:Enter )?.{1,64}@(\S+)'s (?:\w+ )?password: ?$/;
const KEYBOARD_INTERACTIVE = /^\(\S+@([^\s)]+)\) ?([\s\S]*)$/;
const YES_OR_NO = /\(yes\/no[^)]*\)\s*:?\s*\??\s*$/;

/** What a server shows while it is typed: menus and names; all else is hidden. */
const IS_OPEN = /\boption\b|\buser ?name\b|\blogin:/i;

/** The question to a person behind a call of askpass; with no fields, the answer is a yes. */
export function opensshQuestion(call: AskpassCall, context: PromptContext): LoginQuestion {
  const { text } = call;
  const { host } = context;
  const [, shown = '', algorithm = '', fingerprint = ''] = HOST_KEY.exec(text) ?? [];
  if (fingerprint !== '') {
    const hostKey = { algorithm, fingerprint, knownHosts: context.knownHosts };
    return { host: aliasOf(bareHost(shown), context), kind: 'host-key', text, fields: [], hostKey };
  }
  if (call.hint !== '' || YES_OR_NO.test(text)) {
    return { host, kind: 'question', text, fields: [] };
  }
  if (PASSPHRASE.test(text)) {
    return { host, kind: 'passphrase', text: '', fields: [secret(text)] };
  }
  const password = PASSWORD.exec(text);
  if (password !== null) {
    const asking = aliasOf(password[1] ?? host, context);
    return { host: asking, kind: 'password', text: context.said, fields: [secret(text)] };
  }
  return serverQuestion(text, context);
}

/** A prompt in the server's own words; newer clients say which server it is. */
function serverQuestion(text: string, context: PromptContext): LoginQuestion {
  const [, asking, words = text] = KEYBOARD_INTERACTIVE.exec(text) ?? [];
  const host = asking === undefined ? context.host : aliasOf(asking, context);
  const kind = /^\s*(?:\S+ )?password:?\s*$/i.test(words) ? 'password' : 'question';
  const lines = words.trimEnd().split('\n');
  const label = lines.pop() ?? '';
  const said = [context.said, ...lines].filter(line => line !== '').join('\n');
  return { host, kind, text: said, fields: [{ label, secret: !IS_OPEN.test(label) }] };
}

const secret = (label: string): { label: string; secret: boolean } => ({
  label: label.trimEnd(),
  secret: true
});

const aliasOf = (hostName: string, { aliases }: PromptContext): string =>
  aliases.get(hostName) ?? hostName;

/** `name`, `[name]:port` or either followed by an address in parentheses. */
function bareHost(shown: string): string {
  const [name = shown] = shown.split(' ');
  return /^\[(.*)\](?::\d+)?$/.exec(name)?.[1] ?? name;
}
