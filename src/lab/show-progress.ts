import { Notification } from '@jupyterlab/apputils';

/** Something that is under way, as a person is told. */
export interface IProgress {
  /** It went well. */
  end(words: string): void;
  /** It did not, or not as expected: the words stay until they are put away. */
  fail(words: string): void;
}

const SHORT_MS = 5000;

/** Tell it as a notification that changes with it. */
export function showProgress(words: string): IProgress {
  const id = Notification.emit(words, 'in-progress', { autoClose: false });
  const update = (
    message: string,
    type: 'success' | 'warning',
    autoClose: number | false
  ): void => {
    Notification.update({ id, message, type, autoClose });
  };
  return {
    end: message => update(message, 'success', SHORT_MS),
    fail: message => update(message, 'warning', false)
  };
}
