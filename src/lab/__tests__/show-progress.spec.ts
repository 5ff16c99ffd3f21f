import { Notification } from '@jupyterlab/apputils';
import { showProgress } from '../show-progress';

/** What JupyterLab was told about notifications, in turn. */
function listen(): string[] {
  const told: string[] = [];
  Notification.manager.changed.connect((_, { type, notification }) => {
    told.push(`${type}: ${notification.message}`);
  });
  return told;
}

beforeEach(() => jest.useFakeTimers());

afterEach(() => {
  jest.useRealTimers();
  Notification.manager.dismiss();
});

test('an end takes the place of the beginning, which may not be drawn yet', () => {
  const told = listen();
  const progress = showProgress('Loading…');
  jest.advanceTimersByTime(1000);
  progress.end('It is here.');
  expect(told).toEqual(['added: Loading…', 'removed: Loading…', 'added: It is here.']);
});

test('what is over at once is told by its end alone, and a failure stays', () => {
  const told = listen();
  showProgress('Loading…').fail('It did not come.');
  jest.advanceTimersByTime(1000);
  expect(told).toEqual(['added: It did not come.']);
  const [shown] = Notification.manager.notifications;
  expect([shown?.type, shown?.options.autoClose]).toEqual(['warning', false]);
});
