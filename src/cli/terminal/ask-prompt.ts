import type { Prompt } from '../../shared/wire/prompt';
import { plainLines, plainText } from '../print/plain-text';
import type { ITerminal } from './terminal';

function introduction({ kind, host, text, hostKey }: Prompt): string {
  const words = text === '' ? '' : `${plainLines(text)}\n`;
  if (kind !== 'host-key' || hostKey === null) {
    return `\nsluice: ${plainText(host)} asks for a login. Ctrl-C gives it up.\n${words}`;
  }
  return (
    `\nsluice: the host key of ${plainText(host)} is not known yet.\n${words}` +
    `  ${plainText(hostKey.algorithm)}  ${plainText(hostKey.fingerprint)}\n` +
    `Compare it with the one that the site publishes; it is stored in ${plainText(hostKey.knownHosts)}.\n`
  );
}

/** A server's own words mostly end as they should. */
function labelText(label: string): string {
  const words = plainText(label).trim() || 'Answer';
  return /[\p{L}\p{N})]$/u.test(words) ? `${words}:` : words;
}

const YES = 'Type yes to go on, anything else to give up:';

/** Ask a login's question on the terminal; null: the person gave the login up, or it was withdrawn. */
export async function askPrompt(
  terminal: ITerminal,
  prompt: Prompt,
  signal: AbortSignal
): Promise<string[] | null> {
  terminal.say(introduction(prompt));
  if (prompt.fields.length === 0) {
    const text = await terminal.ask({ label: YES, isSecret: false, signal });
    return text?.trim() === 'yes' ? [] : null;
  }
  const answers: string[] = [];
  for (const { label, secret } of prompt.fields) {
    const text = await terminal.ask({
      label: labelText(label),
      isSecret: secret,
      signal
    });
    if (text === null) {
      return null;
    }
    answers.push(text);
  }
  return answers;
}
