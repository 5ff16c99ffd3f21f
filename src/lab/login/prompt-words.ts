import type { TranslationBundle } from '@jupyterlab/translation';
import type { Prompt } from '../../shared/wire/prompt';

/** From here on the dialog says how long the question stays open. */
export const COUNTDOWN_MS = 30_000;

/** Whose question it is. */
export function promptTitle({ kind, host }: Prompt, trans: TranslationBundle): string {
  switch (kind) {
    case 'passphrase':
      return trans.__('Unlock your key for %1', host);
    case 'host-key':
      return trans.__('First connection to %1', host);
    case 'password':
    case 'question':
      return trans.__('Log in to %1', host);
  }
}

/** For what it is asked; a host that has the name of its target needs no second word. */
export function promptIntro({ kind, host, target }: Prompt, trans: TranslationBundle): string {
  const forTarget = host !== target;
  if (kind === 'host-key') {
    return forTarget
      ? trans.__(
          'The target %1 leads to %2. A host proves who it is by its key; this one is not known here yet. Its fingerprint:',
          target,
          host
        )
      : trans.__(
          'A host proves who it is by its key. That of %1 is not known here yet; its fingerprint:',
          host
        );
  }
  return forTarget
    ? trans.__('The host %1 asks, on the way to the target %2.', host, target)
    : trans.__('The host %1 asks.', host);
}

/** What becomes of what is typed. */
export function promptPromise({ kind, host }: Prompt, trans: TranslationBundle): string {
  return kind === 'passphrase'
    ? trans.__('The passphrase unlocks your key here. It is not sent to %1 and not kept.', host)
    : trans.__('What you type goes to %1 and is not kept.', host);
}

/** The label of a field; a server may leave it empty. */
export function fieldLabel(label: string, trans: TranslationBundle): string {
  const words = label.trim().replace(/\s*:$/, '');
  return words === '' ? trans.__('Answer') : words;
}

/** Whether a label asks for a code that is used once. */
export function asksForCode(label: string): boolean {
  return /\b(code|passcode|otp|totp|token|verification|one[- ]time)\b/i.test(label);
}

/** How long a question stays open, at least by this page's clock; never more than its whole time. */
export function remainingMs({ openedAt, expiresAt }: Prompt, now: number): number {
  return Math.max(0, Math.min(expiresAt - now, expiresAt - openedAt));
}

/** The countdown in words; empty while there is time. */
export function countdownWords(prompt: Prompt, now: number, trans: TranslationBundle): string {
  const ms = remainingMs(prompt, now);
  if (ms > COUNTDOWN_MS) {
    return '';
  }
  const seconds = Math.ceil(ms / 1000);
  return seconds === 0
    ? trans.__('The time for this question is over.')
    : trans._n(
        'This question closes in %1 second.',
        'This question closes in %1 seconds.',
        seconds
      );
}
