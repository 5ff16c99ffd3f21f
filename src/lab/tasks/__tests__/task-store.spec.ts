import { SluiceError } from '../../../shared/errors';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeTask } from '../../__tests__/make-task';
import { orderTasks } from '../order-tasks';
import { TaskStore, toProblem } from '../task-store';
import { Ticker } from '../ticker';

function makeStore() {
  const service = new FakeService();
  const clock = new FakeClock();
  return { service, clock, store: new TaskStore(service, new Ticker(clock)) };
}

test('loads tasks and targets once it is started', async () => {
  const { service, store } = makeStore();
  service.taskList = [makeTask()];
  expect(store.state.kind).toBe('idle');
  store.start();
  expect(store.state.kind).toBe('loading');
  await store.refresh();
  expect(store.state.kind).toBe('ready');
  expect([store.tasks.length, store.targets?.default]).toEqual([1, 'testbed']);
});

test('takes news from frames and tells which task changed', async () => {
  const { service, store } = makeStore();
  await store.refresh();
  const changed: unknown[] = [];
  store.changed.connect((_, { task }) => changed.push(task?.phase));
  service.stream.taskChanged.emit(makeTask({ phase: 'running' }));
  expect(changed).toEqual(['running']);
  expect(store.get('task-1')?.phase).toBe('running');
});

test('a finished task does not come back to life by a late answer', () => {
  const { store } = makeStore();
  store.put(makeTask({ phase: 'canceled' }));
  store.put(makeTask({ phase: 'running' }));
  expect(store.get('task-1')?.phase).toBe('canceled');
});

test('says in words what is wrong, keeps what it knows, and recovers', async () => {
  const { service, store } = makeStore();
  service.taskList = [makeTask()];
  await store.refresh();
  service.failure = new SluiceError('server-missing');
  await store.refresh();
  expect(store.state).toMatchObject({ kind: 'failed', problem: { code: 'server-missing' } });
  expect(store.tasks).toHaveLength(1);
  service.failure = null;
  await store.refresh();
  expect(store.state.kind).toBe('ready');
});

test('knocks on no door where nobody lives, but waits for a service that is down', async () => {
  const { service, store } = makeStore();
  service.failure = new SluiceError('server-missing');
  await store.refresh();
  expect(service.stream.isConnected).toBe(false);
  service.failure = new SluiceError('service-down', { problem: 'it is starting' });
  await store.refresh();
  expect(service.stream.isConnected).toBe(true);
});

test('after a lost connection it asks for what it missed', async () => {
  const { service, store } = makeStore();
  store.start();
  await store.refresh();
  service.stream.setConnected(false);
  await store.refresh();
  service.taskList = [makeTask({ phase: 'completed' })];
  service.stream.setConnected(true);
  await store.refresh();
  expect(store.get('task-1')?.phase).toBe('completed');
});

test('ticks only while something is live', () => {
  const { clock, store } = makeStore();
  let ticks = 0;
  store.ticker.ticked.connect(() => (ticks += 1));
  clock.advance(3000);
  expect(ticks).toBe(0);
  store.put(makeTask());
  clock.advance(3000);
  expect(ticks).toBe(3);
  store.put(makeTask({ phase: 'completed' }));
  clock.advance(3000);
  expect(ticks).toBe(3);
});

test('orders live before finished, newest first', () => {
  const tasks = [
    makeTask({ id: 'a', phase: 'completed', endedAt: 10 }),
    makeTask({ id: 'b', submittedAt: 1 }),
    makeTask({ id: 'c', phase: 'failed', endedAt: 20 }),
    makeTask({ id: 'd', submittedAt: 2 })
  ];
  expect(orderTasks(tasks).map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a']);
});

test('asks for the targets of a project, and recovers where it had failed', async () => {
  const { service, store } = makeStore();
  service.failure = new SluiceError('server-missing');
  await store.refresh();
  service.failure = null;
  await store.targetsFor('/home/me/work');
  await store.refresh();
  expect(service.targetsAsked).toEqual(['/home/me/work', undefined]);
  expect(store.state.kind).toBe('ready');
});

test('a fault that is not ours keeps its own text', () => {
  expect(toProblem(new TypeError('x is not a function'))).toMatchObject({
    code: 'internal',
    message: expect.stringContaining('x is not a function') as string
  });
});

test('loads targets anew when they changed, once more for news that came meanwhile', async () => {
  const { service, store } = makeStore();
  let asked = 0;
  service.answerTargets = targets => ({ ...targets, default: `default ${(asked += 1)}` });
  const loaded = new Promise<void>(resolve =>
    store.targetsChanged.connect(() => asked === 2 && resolve())
  );
  service.stream.targetsChanged.emit(undefined);
  service.stream.targetsChanged.emit(undefined);
  service.stream.targetsChanged.emit(undefined);
  await loaded;
  expect(store.targets?.default).toBe('default 2');
});
