import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { loginWords } from './login-words';
import type { ILogins } from './logins';

const SHOWN_MS = 5000;

/** Log in, with one notice that says how it goes and how it ended. */
export async function noteLogin(
  logins: ILogins,
  target: string,
  projectDir: string | null,
  trans: TranslationBundle
): Promise<void> {
  const words = (): string => loginWords(target, logins.progressOf(target), trans) ?? '';
  const login = logins.logIn(target, projectDir);
  // In the list of notices only: a toast would lie over the dialog in which the host asks.
  const id = Notification.emit(words(), 'in-progress', { autoClose: 0 });
  if (await login) {
    Notification.update({
      id,
      message: trans.__('Logged in to %1.', target),
      type: 'success',
      autoClose: SHOWN_MS
    });
  } else {
    Notification.update({ id, message: words(), type: 'error', autoClose: 2 * SHOWN_MS });
  }
}
