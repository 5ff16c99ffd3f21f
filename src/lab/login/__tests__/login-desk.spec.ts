import { SluiceError } from '../../../shared/errors';
import type { Connection } from '../../../shared/wire/connection';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeConnection, makePrompt } from '../../__tests__/make-answers';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { LoginDesk } from '../login-desk';

async function makeDesk() {
  const service = new FakeService();
  const clock = new FakeClock();
  const store = new TaskStore(service, new Ticker(clock));
  const page = { isVisible: true };
  const desk = new LoginDesk({ service, store, clock, isPageVisible: () => page.isVisible });
  const { stream } = service;
  const setConnection = async (state: Connection['state']): Promise<void> => {
    service.answerTargets = targets => ({
      ...targets,
      targets: targets.targets.map(target => ({ ...target, connection: makeConnection({ state }) }))
    });
    const loaded = new Promise<void>(resolve => store.targetsChanged.connect(() => resolve()));
    stream.targetsChanged.emit(undefined);
    await loaded;
  };
  await store.refresh();
  return { service, stream, store, clock, page, desk, setConnection };
}

test('tells the service that a person sees questions here', async () => {
  const { stream } = await makeDesk();
  expect(stream.showsPrompts).toBe(true);
});

test('shows a question, sends what was answered, and waits for the host', async () => {
  const { service, stream, desk, setConnection } = await makeDesk();
  await setConnection('asking');
  stream.prompted.emit(makePrompt());
  expect(desk.view).toMatchObject({ kind: 'prompt', prompt: { id: 'prompt-1' } });
  await desk.answer(['secret']);
  expect(service.answered).toEqual([{ id: 'prompt-1', answers: ['secret'] }]);
  expect(desk.view).toEqual({
    kind: 'waiting',
    host: 'login.example.org',
    target: 'testbed'
  });
  await setConnection('connecting');
  expect(desk.view?.kind).toBe('waiting');
  await setConnection('connected');
  expect(desk.view).toBeNull();
});

test('round follows round without a moment between them', async () => {
  const { stream, desk, setConnection } = await makeDesk();
  await setConnection('asking');
  const views: (string | undefined)[] = [];
  desk.changed.connect(() => views.push(desk.view?.kind));
  stream.prompted.emit(makePrompt());
  await desk.answer(['secret']);
  stream.prompted.emit(makePrompt({ id: 'prompt-2', kind: 'question' }));
  expect(desk.view).toMatchObject({ kind: 'prompt', prompt: { id: 'prompt-2' } });
  expect(views).not.toContain(undefined);
});

test('what another window answered is gone here, and the next question comes up', async () => {
  const { stream, desk } = await makeDesk();
  stream.prompted.emit(makePrompt());
  stream.prompted.emit(makePrompt({ id: 'prompt-2', host: 'other' }));
  stream.promptClosed.emit('prompt-1');
  expect(desk.view).toMatchObject({ prompt: { id: 'prompt-2' } });
  stream.promptClosed.emit('prompt-2');
  expect(desk.view).toBeNull();
});

test('a login is given up with one answer for the whole of it', async () => {
  const { service, stream, desk } = await makeDesk();
  stream.prompted.emit(makePrompt());
  await desk.giveUp();
  expect(service.answered).toEqual([{ id: 'prompt-1', answers: null }]);
  expect(desk.view).toBeNull();
});

test('a question that is over is gone; other troubles are told', async () => {
  const { service, stream, desk } = await makeDesk();
  stream.prompted.emit(makePrompt());
  service.failure = new SluiceError('service-down', { problem: 'gone', log: 'x' });
  await desk.answer(['secret']);
  expect(desk.view).toMatchObject({ isSending: false, problem: { code: 'service-down' } });
  service.failure = new SluiceError('prompt-over');
  await desk.answer(['secret']);
  expect(desk.view).toBeNull();
});

test('a page that nobody looks at waits until somebody does', async () => {
  const { stream, page, desk } = await makeDesk();
  page.isVisible = false;
  stream.prompted.emit(makePrompt());
  expect(desk.view).toBeNull();
  page.isVisible = true;
  desk.look();
  expect(desk.view?.kind).toBe('prompt');
  page.isVisible = false;
  desk.look();
  expect(desk.view?.kind).toBe('prompt');
});

test('after a lost connection it asks which questions are still open', async () => {
  const { service, stream, store, desk } = await makeDesk();
  stream.start();
  stream.prompted.emit(makePrompt());
  stream.setConnected(false);
  await store.refresh();
  const changed = new Promise<void>(resolve => desk.changed.connect(() => resolve()));
  service.openPrompts = [];
  stream.setConnected(true);
  await changed;
  expect(desk.view).toBeNull();
});

test('where nobody tells how far a login is, it does not wait for long', async () => {
  const { clock, stream, desk } = await makeDesk();
  stream.prompted.emit(makePrompt());
  await desk.answer(['secret']);
  expect(desk.view?.kind).toBe('waiting');
  clock.advance(5000);
  expect(desk.view).toBeNull();
});
