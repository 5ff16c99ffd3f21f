import { SluiceError } from '../../../shared/errors';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeFileList } from '../../__tests__/make-answers';
import { makeTask } from '../../__tests__/make-task';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { FilesSession, PAGE_ROWS } from '../files-session';

function makeSession() {
  const service = new FakeService();
  const store = new TaskStore(service, new Ticker(new FakeClock()));
  const session = new FilesSession({ service, store, taskId: 'task-1' });
  const changed = () =>
    new Promise<void>(resolve => {
      const heard = (): void => {
        session.changed.disconnect(heard);
        resolve();
      };
      session.changed.connect(heard);
    });
  return { service, store, session, changed };
}

test('asks for a page, the next one and the one before', async () => {
  const { service, session } = makeSession();
  service.answerFiles = ({ offset = 0 }) =>
    makeFileList({ nextOffset: offset < 200 ? offset + PAGE_ROWS : null });
  await session.refresh();
  await session.next();
  await session.next();
  await session.next();
  expect(session.offset).toBe(200);
  await session.previous();
  expect(session.offset).toBe(100);
  expect(service.pagesAsked.map(({ offset }) => offset)).toEqual([0, 100, 200, 100]);
  expect(service.pagesAsked[0]?.limit).toBe(PAGE_ROWS);
});

test('has files fetched, given up and their fetching ended, and looks again', async () => {
  const { service, session } = makeSession();
  await session.act('fetch', ['a']);
  await session.act('dismiss', null);
  await session.act('cancel', null);
  expect(service.fileActions).toEqual([
    { action: 'fetch', paths: ['a'] },
    { action: 'dismiss', paths: null },
    { action: 'cancel', paths: null }
  ]);
  expect(service.pagesAsked).toHaveLength(3);
});

test('news of its task bring the page anew, those of others do not', async () => {
  const { service, store, changed } = makeSession();
  store.put(makeTask({ id: 'other' }));
  expect(service.pagesAsked).toHaveLength(0);
  const news = changed();
  store.put(makeTask());
  await news;
  expect(service.pagesAsked).toHaveLength(1);
});

test('says what went wrong, and keeps what it knows', async () => {
  const { service, session } = makeSession();
  await session.refresh();
  service.failure = new SluiceError('connection-lost', { host: 'h', problem: 'reset' });
  await session.act('fetch', null);
  expect([session.problem?.code, session.list?.files.length, session.isBusy]).toEqual([
    'connection-lost',
    1,
    false
  ]);
});
