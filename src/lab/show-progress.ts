import { Notification } from '@jupyterlab/apputils';
import { browserClock } from './clock';

/** Something that is under way, as a person is told. */
export interface IProgress {
  /** It went well. */
  end(words: string): void;
  /** It did not, or not as expected: the words stay until they are put away. */
  fail(words: string): void;
}

const SHORT_MS = 5000;

/** What is over by then is told by its end alone. */
const BEGIN_MS = 400;

/**
 * Tell it as a notification, and its end as another in its place: JupyterLab keeps the first words of
 * a notification that changes before it is drawn, and its second words are not read out.
 */
export function showProgress(words: string): IProgress {
  let id: string | null = null;
  const timer = browserClock.after(BEGIN_MS, () => {
    id = Notification.emit(words, 'in-progress', { autoClose: false });
  });
  const tell = (message: string, type: 'success' | 'warning', autoClose: number | false): void => {
    timer.dispose();
    if (id !== null) {
      Notification.dismiss(id);
    }
    Notification.emit(message, type, { autoClose });
  };
  return {
    end: message => tell(message, 'success', SHORT_MS),
    fail: message => tell(message, 'warning', false)
  };
}
