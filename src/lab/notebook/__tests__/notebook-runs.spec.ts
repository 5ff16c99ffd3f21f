import type { NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { codeCell, makeNotebook } from '../../__tests__/make-cell';
import { texts } from '../../__tests__/make-texts';
import { makeEvents, makeTask, stdout } from '../../__tests__/make-task';
import { Logins } from '../../login/logins';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { NotebookRuns } from '../notebook-runs';

async function open(
  prepare: (notebook: ReturnType<typeof makeNotebook>) => void = () => undefined
) {
  const notebook = makeNotebook('print(1)', 'y = 2');
  prepare(notebook);
  const clock = new FakeClock();
  const service = new FakeService();
  const store = new TaskStore(service, new Ticker(clock));
  service.stream.start();
  // Of a document's context this part needs only these.
  const context = {
    model: notebook,
    localPath: 'work.ipynb',
    contentsModel: { last_modified: new Date(500_000).toISOString() },
    ready: Promise.resolve(),
    disposed: new Signal({})
  } as unknown as NotebookPanel['context'];
  const runs = new NotebookRuns(context, {
    service,
    store,
    logins: new Logins(service, store),
    clock,
    texts,
    shown: () => ({ characters: 10_000, lines: 1000 }),
    trustOf: () => 'outputs',
    restore: async () => [],
    hash: async () => null
  });
  await context.ready;
  return { notebook, clock, service, store, runs };
}

const remember = (task: string, index: number) => (notebook: ReturnType<typeof makeNotebook>) =>
  codeCell(notebook).sharedModel.setMetadata('sluice', { task, index });

test('takes up the task that a cell remembers as soon as the service tells of it', async () => {
  const { notebook, runs, service, store } = await open(remember('task-1', 5));
  expect(runs.get(codeCell(notebook))).toBeUndefined();
  store.put(makeTask({ origin: null, phase: 'running', lastIndex: 9 }));
  service.stream.grant('task-1');
  expect(service.stream.subscriptions).toMatchObject([{ task: 'task-1', after: 5 }]);
});

test('takes up a task that names a cell which does not know it', async () => {
  const { notebook, clock, service, store } = await open();
  store.put(makeTask({ phase: 'running' }));
  service.stream.grant('task-1');
  service.stream.deliver(makeEvents([stdout('found\n')]));
  clock.advance(100);
  expect(codeCell(notebook).outputs.toJSON()).toMatchObject([{ text: 'found\n' }]);
});

test('a run that was just asked for is not taken over by an older task', async () => {
  const { notebook, runs, store } = await open();
  store.put(makeTask({ phase: 'failed', endedAt: 600_000 }));
  const run = runs.get(codeCell(notebook))!;
  run.accept('testbed');
  store.put(makeTask({ phase: 'failed', endedAt: 600_001 }));
  expect(run.line).toMatchObject({ kind: 'local' });
  run.abandon();
  store.put(makeTask({ id: 'other', origin: null }));
  expect(run.task).toBeNull();
});

test('a cell that was moved goes on, a deleted one stops writing', async () => {
  const { notebook, clock, service, store, runs } = await open(remember('task-1', 0));
  store.put(makeTask({ phase: 'running', lastIndex: 2 }));
  service.stream.grant('task-1');
  service.stream.deliver(makeEvents([stdout('one\n')]));
  clock.advance(100);
  notebook.sharedModel.moveCell(0, 1);
  service.stream.grant('task-1');
  service.stream.deliver(makeEvents([stdout('one\n'), stdout('two\n')]));
  clock.advance(100);
  expect(codeCell(notebook, 1).outputs.toJSON()).toMatchObject([{ text: 'one\ntwo\n' }]);
  notebook.sharedModel.deleteCell(1);
  expect(service.stream.subscriptions).toEqual([]);
  expect([...runs.runs]).toEqual([]);
});

test('a copy of a live cell does not write too', async () => {
  const { notebook, service, store } = await open(remember('task-1', 0));
  store.put(makeTask({ phase: 'running' }));
  service.stream.grant('task-1');
  const { id, ...copy } = codeCell(notebook).sharedModel.toJSON();
  notebook.sharedModel.insertCell(1, copy);
  expect(id).toBe('cell-1');
  expect(service.stream.subscriptions).toHaveLength(1);
});
