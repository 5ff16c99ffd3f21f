import type { LoginQuestion } from '../login/login-prompter';
import type { SshHost } from '../ssh-host/ssh-host';

/** Ask for the passphrase of a key that the host accepts. */
export const passphraseQuestion = ({ alias }: SshHost, path: string): LoginQuestion => ({
  host: alias,
  kind: 'passphrase',
  text: '',
  fields: [{ label: `Passphrase of the key ${path}`, secret: true }]
});

/** Ask for a password; `said` is what the host said before. */
export const passwordQuestion = ({ alias, user }: SshHost, said: string): LoginQuestion => ({
  host: alias,
  kind: 'password',
  text: said,
  fields: [{ label: `Password of ${user}`, secret: true }]
});

/** Ask what the host asks, in its own words. */
export const keyboardQuestion = (
  { alias }: SshHost,
  said: readonly string[],
  prompts: readonly { prompt: string; echo?: boolean }[]
): LoginQuestion => ({
  host: alias,
  kind: 'question',
  text: said
    .map(words => words.trim())
    .filter(words => words !== '')
    .join('\n'),
  fields: prompts.map(({ prompt, echo }) => ({
    label: prompt.trim() === '' ? 'Answer' : prompt,
    secret: echo !== true
  }))
});
