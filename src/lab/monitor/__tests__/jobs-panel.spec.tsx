import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { act } from 'react';
import { SluiceError } from '../../../shared/errors';
import type { Task } from '../../../shared/wire/task';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeConnection } from '../../__tests__/make-answers';
import { makeTask } from '../../__tests__/make-task';
import { Logins } from '../../login/logins';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { JobsPanel } from '../jobs-panel';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

async function makePanel(service = new FakeService()) {
  const clock = new FakeClock();
  const store = new TaskStore(service, new Ticker(clock));
  const logins = new Logins(service, store);
  const actions = {
    cancel: jest.fn(),
    openLog: jest.fn(),
    goToCell: jest.fn(),
    openFiles: jest.fn(),
    decide: jest.fn(),
    bring: jest.fn(),
    cancelTasks: jest.fn(async () => true),
    cancelAll: jest.fn(),
    findJobs: jest.fn(),
    logIn: jest.fn((task: Task) => void logins.logIn(task.target, null))
  };
  const trans = nullTranslator.load('x');
  const panel = new JobsPanel(store, service.stream, logins, actions, trans);
  await act(async () => {
    Widget.attach(panel, document.body);
    MessageLoop.flush();
    service.stream.start();
    await store.refresh();
  });
  const button = (name: string) =>
    panel.node.querySelector<HTMLButtonElement>(`button[aria-label="${name}"]`);
  const rows = (section: string) =>
    [...panel.node.querySelectorAll(`section[aria-label="${section}"] li`)].map(
      row => row.textContent
    );
  return { service, clock, store, actions, panel, button, rows };
}

afterEach(() => {
  document.body.replaceChildren();
});

test('is a region named “Slurm jobs”', async () => {
  const { panel } = await makePanel();
  expect([panel.node.getAttribute('role'), panel.node.getAttribute('aria-label')]).toEqual([
    'region',
    'Slurm jobs'
  ]);
});

test('shows live, then finished tasks with phase, target, Slurm id and time', async () => {
  const { clock, rows, store } = await makePanel();
  await act(async () => {
    store.put(makeTask({ phase: 'running', node: 'n1' }));
    store.put(
      makeTask({ id: 'b', phase: 'completed', jobId: '41', endedAt: 1_083_000, title: 'x = 1' })
    );
  });
  await act(async () => clock.advance(5000));
  expect(rows('Live')).toHaveLength(1);
  expect(rows('Live')[0]).toMatch(/print\(1\).*running.*testbed.*job 42.*0:05.*n1/);
  expect(rows('Finished')[0]).toMatch(/x = 1.*completed.*testbed.*job 41.*1:23/);
});

test('names what stayed on the cluster, and why', async () => {
  const { panel, store } = await makePanel();
  const left = {
    name: 'fig',
    type: 'Figure',
    bytes: 9,
    format: null,
    files: [],
    reason: 'no format'
  };
  await act(async () => store.put(makeTask({ phase: 'completed', endedAt: 5, variables: [left] })));
  const node = [...panel.node.querySelectorAll('li div')].find(one => one.hasAttribute('title'));
  expect([node?.textContent, node?.getAttribute('title')]).toEqual([
    'Left on the cluster: fig',
    'fig: no format'
  ]);
});

test('cancels, opens logs and cells by named buttons', async () => {
  const { actions, button, store } = await makePanel();
  await act(async () => store.put(makeTask({ phase: 'running' })));
  button('Cancel: print(1)')!.click();
  button('Log: print(1)')!.click();
  button('Go to cell: print(1)')!.click();
  const { cancel, openLog, goToCell } = actions;
  expect([cancel, openLog, goToCell].map(one => one.mock.calls.length)).toEqual([1, 1, 1]);
  await act(async () => store.put(makeTask({ phase: 'running', cancelRequested: true })));
  expect(button('Cancel: print(1)')!.disabled).toBe(true);
  await act(async () => store.put(makeTask({ phase: 'canceled', endedAt: 5 })));
  expect(button('Cancel: print(1)')).toBeNull();
});

test('says what to do when there are no jobs', async () => {
  const { panel } = await makePanel();
  expect(panel.node.querySelector('[role="status"]')!.textContent).toContain('Run on Slurm');
});

test('says what to install when the server half is missing, and tries again', async () => {
  const service = new FakeService();
  service.failure = new SluiceError('server-missing');
  const { panel, store } = await makePanel(service);
  const alert = panel.node.querySelector('[role="alert"]')!;
  expect(alert.textContent).toContain('pip install jupyterlab-sluice');
  service.failure = null;
  await act(async () => {
    alert.querySelector('button')!.click();
    await store.refresh();
  });
  expect(panel.node.querySelector('[role="alert"]')).toBeNull();
});

test('says that what is shown may be old when the connection is lost', async () => {
  const { panel, service, store } = await makePanel();
  await act(async () => store.put(makeTask()));
  await act(async () => {
    service.stream.setConnected(false);
    await store.refresh();
  });
  expect(panel.node.textContent).toContain('may be old');
});

test('a job that waits for a login says so, logs in, and tells how that goes', async () => {
  const { actions, button, panel, service, store } = await makePanel();
  const reason = { code: 'needs-login', message: 'asks for a login', hint: null, token: null };
  let refuse: (error: Error) => void = () => undefined;
  service.answerLogin = () => new Promise((_, reject) => (refuse = reject));
  await act(async () => store.put(makeTask({ phase: 'preparing', reason })));
  const login = () => panel.node.querySelector('.sluice-JobRow-login')!;
  expect(login().textContent).toContain('needs login');
  await act(async () => button('Log in: testbed')!.click());
  expect(actions.logIn).toHaveBeenCalledTimes(1);
  expect(login().textContent).toBe('connecting to testbed…');
  await act(async () => refuse(new SluiceError('login-canceled', { host: 'testbed' })));
  expect(login().textContent).toContain(new SluiceError('login-canceled').entry.hint.slice(0, 10));
  expect(button('Log in: testbed')).not.toBeNull();
});

test('a job whose host asks a person says that it waits for the answer', async () => {
  const { panel, service, store } = await makePanel();
  service.answerTargets = targets => ({
    ...targets,
    targets: targets.targets.map(target => ({
      ...target,
      connection: makeConnection({ state: 'asking' })
    }))
  });
  await act(async () => store.put(makeTask({ phase: 'preparing', progress: 'reaching it' })));
  await act(async () => store.refresh());
  const details = panel.node.querySelector('.sluice-JobRow-reason')!;
  expect(details.textContent).toBe('waiting for your answer to testbed');
});

test('says what files a job wrote and where they are', async () => {
  const { actions, button, panel, store } = await makePanel();
  const files = { count: 14, bytes: 2_100_000_000, home: 3, there: 11, pinned: true };
  await act(async () => store.put(makeTask({ phase: 'completed', endedAt: 5, files })));
  expect(panel.node.textContent).toContain('14 files, 2.1 GB: 3 came home, 11 on testbed');
  button('Files: print(1)')!.click();
  expect(actions.openFiles).toHaveBeenCalledTimes(1);
});

test('jobs are selected and canceled together', async () => {
  const { actions, panel, rows, store } = await makePanel();
  await act(async () => {
    store.put(makeTask({ title: 'one' }));
    store.put(makeTask({ id: 'b', title: 'two' }));
    store.put(makeTask({ id: 'c', title: 'three', phase: 'completed', endedAt: 5 }));
  });
  const box = (name: string) =>
    panel.node.querySelector<HTMLInputElement>(`input[aria-label="Select: ${name}"]`);
  const bar = panel.node.querySelector('[aria-label="Live jobs"]')!;
  const press = () => act(async () => bar.querySelector('button')!.click());
  expect([rows('Live').length, box('three')]).toEqual([2, null]);
  await press();
  expect(actions.cancelAll).toHaveBeenCalledTimes(1);
  await act(async () => box('one')!.click());
  expect(bar.textContent).toContain('Cancel 1 selected…');
  await act(async () => bar.querySelector('input')!.click());
  expect([box('one')!.checked, box('two')!.checked]).toEqual([true, true]);
  // What ends meanwhile is selected no more.
  await act(async () => store.put(makeTask({ title: 'one', phase: 'failed', endedAt: 5 })));
  await press();
  expect(actions.cancelTasks.mock.calls).toEqual([[['b']]]);
  expect(box('two')!.checked).toBe(false);
});

test('an unknown job offers its choices and says when it is looked after', async () => {
  const { actions, button, clock, panel, store } = await makePanel();
  const task = makeTask({
    phase: 'unknown',
    uncertain: true,
    nextCheckAt: 1_030_000,
    choices: ['look', 'give-up', 'run-again']
  });
  await act(async () => store.put(task));
  await act(async () => clock.advance(10_000));
  expect(panel.node.textContent).toContain('looks again in 20 s');
  expect(button('Cancel: print(1)')).toBeNull();
  for (const words of ['Look now', 'Give up…', 'Run again…']) {
    button(`${words} print(1)`)!.click();
  }
  expect(actions.decide.mock.calls.map(([, choice]: unknown[]) => choice)).toEqual([
    'look',
    'give-up',
    'run-again'
  ]);
});

test('details tell what it took, earlier attempts and the values that came home', async () => {
  const { actions, button, panel, store } = await makePanel();
  const reason = { code: 'preempted', message: 'Preempted.', hint: null, token: 'PREEMPTED' };
  const value = { type: 'int', bytes: 28, format: 'json', files: [], reason: null };
  await act(async () =>
    store.put(
      makeTask({
        phase: 'timed-out',
        endedAt: 5,
        isPartial: true,
        usage: {
          elapsedSeconds: 100,
          cpuSeconds: 90,
          peakBytes: 120_000_000,
          cpus: 1,
          memoryBytes: 1_000_000_000
        },
        formerAttempts: [
          { attempt: 0, node: 'n2', startedAt: 0, endedAt: 12_000, reason, usage: null }
        ],
        variables: [
          { ...value, name: 'epoch' },
          { ...value, name: 'big', bytes: 2_100_000_000, reason: 'large', kept: 'large' }
        ]
      })
    )
  );
  expect(panel.node.textContent).toContain('Partial results are here.');
  const details = panel.node.querySelector('details')!;
  expect(details.querySelector('summary')!.textContent).toBe(
    'ran 1:40 · 120 MB of 1.0 GB memory · 90\u00a0%\u00a0CPU · 1 earlier attempt · 1 value'
  );
  for (const words of [
    'used 12 % of the memory',
    'attempt 1 on n2, 0:12: Preempted.',
    'epoch int, 28 B'
  ]) {
    expect(details.textContent).toContain(words);
  }
  expect(panel.node.textContent).toContain('big (int, 2.1 GB) is on testbed');
  button('Fetch “big” into the kernel')!.click();
  expect(actions.bring).toHaveBeenCalledWith(expect.objectContaining({ id: 'task-1' }), 'big');
});
