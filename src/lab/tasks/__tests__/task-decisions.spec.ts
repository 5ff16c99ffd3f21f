import { nullTranslator } from '@jupyterlab/translation';
import { SluiceError } from '../../../shared/errors';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeTask } from '../../__tests__/make-task';
import { TaskDecisions } from '../task-decisions';
import { TaskStore } from '../task-store';
import { Ticker } from '../ticker';

const unknown = makeTask({ phase: 'unknown', choices: ['look', 'give-up', 'run-again'] });

function open(isAgreed = true) {
  const service = new FakeService();
  const store = new TaskStore(service, new Ticker(new FakeClock()));
  store.put(unknown);
  const confirm = jest.fn(async () => isAgreed);
  const tell = jest.fn(async () => undefined);
  const trans = nullTranslator.load('x');
  return {
    service,
    store,
    confirm,
    tell,
    decisions: new TaskDecisions({ service, store, trans, confirm, tell })
  };
}

test('looks without a question, and takes what the service answers', async () => {
  const { service, store, confirm, decisions } = open();
  service.answerResolve = id => makeTask({ id, phase: 'running' });
  await decisions.decide(unknown, 'look');
  expect(service.resolved).toEqual([{ id: 'task-1', choice: 'look' }]);
  expect([store.get('task-1')?.phase, confirm.mock.calls]).toEqual(['running', []]);
});

test.each([
  ['give-up', 'no job of it can run your code afterwards'],
  ['run-again', 'its work is done a second time']
] as const)('%s is asked first, in words that say what it means', async (choice, words) => {
  const { service, confirm, decisions } = open();
  await decisions.decide(unknown, choice);
  expect(confirm).toHaveBeenCalledWith(
    expect.objectContaining({ body: expect.stringContaining(words) as string })
  );
  expect(service.resolved).toEqual([{ id: 'task-1', choice }]);
  const refused = open(false);
  await refused.decisions.decide(unknown, choice);
  expect(refused.service.resolved).toEqual([]);
});

test('what became known meanwhile is shown instead of an error', async () => {
  const { service, store, tell, decisions } = open();
  service.answerResolve = () => {
    throw new SluiceError('resolve-unneeded', { id: 'task-1', phase: 'completed' });
  };
  service.taskList = [makeTask({ phase: 'completed' })];
  await decisions.decide(unknown, 'run-again');
  expect([store.get('task-1')?.phase, tell.mock.calls]).toEqual(['completed', []]);
});

test('what cannot be done is told', async () => {
  const { service, tell, decisions } = open();
  service.answerResolve = () => {
    throw new SluiceError('service-down', { problem: 'gone', log: 'x' });
  };
  await decisions.decide(unknown, 'give-up');
  expect(tell).toHaveBeenCalledWith(
    'The job could not be given up',
    expect.objectContaining({ code: 'service-down' })
  );
});

test('cancels several at once, those that have not ended, after one question', async () => {
  const { service, store, confirm, decisions } = open();
  store.put(makeTask({ id: 'b' }));
  store.put(makeTask({ id: 'c', phase: 'completed' }));
  expect(await decisions.cancelTasks(['task-1', 'b', 'c', 'gone'])).toBe(true);
  expect(service.canceledMany).toEqual([['task-1', 'b']]);
  expect(confirm).toHaveBeenCalledWith(expect.objectContaining({ title: 'Cancel 2 jobs?' }));
  expect(store.get('b')?.cancelRequested).toBe(true);
});

test('cancels all, but asks nothing where there is nothing', async () => {
  const { service, store, confirm, decisions } = open();
  await decisions.cancelAll();
  expect(service.canceledMany).toEqual([null]);
  store.put(makeTask({ phase: 'canceled' }));
  expect(await decisions.cancelAll()).toBe(false);
  expect(confirm).toHaveBeenCalledTimes(1);
  const refused = open(false);
  expect(await refused.decisions.cancelAll()).toBe(false);
  expect(refused.service.canceledMany).toEqual([]);
});
