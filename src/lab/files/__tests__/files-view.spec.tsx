import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { act } from 'react';
import type { FileList } from '../../../shared/wire/files';
import type { Task } from '../../../shared/wire/task';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeConnection, makeFile, makeFileList } from '../../__tests__/make-answers';
import { makeTask } from '../../__tests__/make-task';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { FilesSession } from '../files-session';
import { FilesView } from '../files-view';
import { pathOnServer } from '../path-on-server';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

async function show(
  list: Partial<FileList>,
  { isConfirmed = true, task = {} }: { isConfirmed?: boolean; task?: Partial<Task> } = {}
) {
  const service = new FakeService();
  service.answerFiles = () => makeFileList(list);
  const store = new TaskStore(service, new Ticker(new FakeClock()));
  service.answerTargets = targets => ({
    ...targets,
    targets: targets.targets.map(target => ({
      ...target,
      connection: makeConnection({ state: 'needs-login' })
    }))
  });
  await store.refresh();
  store.put(makeTask({ phase: 'completed', ...task }));
  const session = new FilesSession({ service, store, taskId: 'task-1' });
  const actions = {
    open: jest.fn(),
    pathOnServer: () => 'work/out.png',
    confirmDismiss: jest.fn(async () => isConfirmed),
    logIn: jest.fn(),
    close: jest.fn()
  };
  const view = new FilesView({ session, actions, trans: nullTranslator.load('x') });
  await act(async () => {
    Widget.attach(view, document.body);
    MessageLoop.flush();
    await session.refresh();
  });
  const press = (name: string) =>
    act(async () =>
      [...view.node.querySelectorAll('button')]
        .find(one => (one.getAttribute('aria-label') ?? one.textContent) === name)!
        .click()
    );
  const rows = () => [...view.node.querySelectorAll('tbody tr')].map(row => row.textContent);
  return { service, actions, node: view.node, press, rows };
}

afterEach(() => {
  document.body.replaceChildren();
});

test('says of each file where it is and why, and what can be done', async () => {
  const { node, rows, actions, press } = await show({
    files: [
      makeFile(),
      makeFile({ path: 'out.png', bytes: 12, kind: 'picture', state: 'home', reason: null }),
      makeFile({ path: '../x', state: 'refused', isNew: false, reason: 'a device' })
    ]
  });
  expect(node.querySelector('[role="status"]')!.textContent).toMatch(/^3 files, .* 1 on testbed/);
  expect(rows()).toEqual([
    'out/model.pt2.0 GBcheckpointon testbedlarger than what comes home by itselfFetchGive up',
    'out.png12 BpicturehereOpen',
    '../x2.0 GBcheckpoint (changed)on testbed; it may not come herea device'
  ]);
  await press('Open: out.png');
  expect(actions.open).toHaveBeenCalledWith('work/out.png');
});

test('fetches one or all, and gives up only what the person confirmed', async () => {
  const { service, press } = await show({});
  await press('Fetch: out/model.pt');
  await press('Fetch all');
  await press('Give up: out/model.pt');
  expect(service.fileActions).toEqual([
    { action: 'fetch', paths: ['out/model.pt'] },
    { action: 'fetch', paths: null },
    { action: 'dismiss', paths: ['out/model.pt'] }
  ]);
  const keeps = await show({}, { isConfirmed: false });
  await keeps.press('Give up all…');
  expect(keeps.actions.confirmDismiss).toHaveBeenCalledWith(null);
  expect(keeps.service.fileActions).toEqual([]);
});

test('what is on its way is told, with a login where that is what it waits for', async () => {
  const progress = 'waiting for a login to login.example.org';
  const { actions, node, press } = await show({}, { task: { progress } });
  expect(node.querySelector('.sluice-FilesView-progress')!.textContent).toContain(progress);
  await press('Log in');
  expect(actions.logIn).toHaveBeenCalledTimes(1);
  const quiet = await show({});
  expect(quiet.node.textContent).not.toContain('Log in');
});

test('many files come page by page', async () => {
  const files = Array.from({ length: 100 }, (_, n) => makeFile({ path: `f${n}` }));
  const summary = { count: 200_000, bytes: 5, home: 0, there: 200_000, pinned: true };
  const { node, press, service } = await show({ files, summary, nextOffset: 100 });
  expect(node.querySelector('[aria-label="Pages"]')!.textContent).toContain('1 to 100 of 200000');
  await press('Next');
  expect(service.pagesAsked.at(-1)?.offset).toBe(100);
});

test.each([
  ['/srv', '/srv/work/out.png', 'out.png', 'work/out.png'],
  ['/srv/', '/srv/work/out.png', 'out.png', 'work/out.png'],
  ['/srv', '/elsewhere/out.png', 'out.png', null],
  ['', '/srv/work/sub/out.png', 'sub/out.png', 'work/sub/out.png'],
  ['', '/srv/work/sub/out.3f2a.png', 'sub/out.png', 'work/sub/out.3f2a.png'],
  ['', '/srv/out.png', '../out.png', 'out.png'],
  ['', '/out.png', '../../out.png', null],
  ['', '/home/me/Downloads/out.png', 'out.png', null]
])('below %j the file %j (%j) is opened as %j', (serverRoot, localPath, path, expected) => {
  const notebookPath = 'work/a.ipynb';
  expect(pathOnServer({ localPath, path }, { serverRoot, notebookPath })).toBe(expected);
});
