import { Dialog } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import type { Prompt } from '../../../shared/wire/prompt';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makePrompt } from '../../__tests__/make-answers';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { LoginDesk } from '../login-desk';
import { LoginDialog } from '../login-dialog';

const HOST_KEY: Partial<Prompt> = {
  kind: 'host-key',
  fields: [],
  hostKey: {
    algorithm: 'ssh-ed25519',
    fingerprint: 'SHA256:abc',
    knownHosts: '/home/me/.ssh/known_hosts'
  }
};

async function openDialog(changes: Partial<Prompt> = {}) {
  const before = document.createElement('button');
  document.body.append(before);
  before.focus();
  const service = new FakeService();
  const clock = new FakeClock();
  const store = new TaskStore(service, new Ticker(clock));
  const desk = new LoginDesk({ service, store, clock, isPageVisible: () => true });
  const { stream } = service;
  stream.prompted.emit(makePrompt(changes));
  const dialog = new LoginDialog({ desk, clock, trans: nullTranslator.load('x') });
  // What a spec leaves open is thrown away after it, which is no answer.
  dialog.launch().catch(() => undefined);
  await dialog.ready;
  const { node } = dialog;
  const inputs = () => [...node.querySelectorAll('input')];
  const button = (name: string) =>
    [...node.querySelectorAll('button')].find(({ textContent }) => textContent === name);
  const press = (key: string, options: KeyboardEventInit = {}) =>
    document.activeElement!.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })
    );
  const answered = () =>
    new Promise<void>(resolve => {
      desk.changed.connect(() => service.answered.length > 0 && resolve());
    });
  return { service, stream, clock, desk, dialog, node, inputs, button, press, answered, before };
}

afterEach(() => {
  Dialog.flush();
  document.body.replaceChildren();
});

test('says who asks and for what, in the words of the server as plain text', async () => {
  const text = 'Welcome <b>to</b>\nthe cluster';
  const { node } = await openDialog({ text });
  expect(node.getAttribute('aria-labelledby')).toBe(node.querySelector('h2')!.id);
  expect(node.querySelector('h2')!.textContent).toBe('Log in to login.example.org');
  expect(node.textContent).toContain('on the way to the target testbed');
  expect(node.querySelector('pre')!.textContent).toBe(text);
  expect(node.querySelector('pre b')).toBeNull();
});

test('fields are labelled; secrets and codes are marked as such', async () => {
  const { inputs } = await openDialog({
    fields: [
      { label: 'Password: ', secret: true },
      { label: 'Verification code:', secret: false },
      { label: '', secret: false }
    ]
  });
  expect(
    inputs().map(({ type, autocomplete, labels }) => [type, autocomplete, labels![0]!.textContent])
  ).toEqual([
    ['password', 'off', 'Password'],
    ['text', 'one-time-code', 'Verification code'],
    ['text', 'off', 'Answer']
  ]);
  expect(document.activeElement).toBe(inputs()[0]);
});

test('Enter sends what was typed, which then is nowhere in the page', async () => {
  const { service, inputs, press, answered } = await openDialog();
  const [input] = inputs();
  input!.value = 'hunter2';
  const done = answered();
  press('Enter');
  expect(input!.value).toBe('');
  await done;
  expect(service.answered).toEqual([{ id: 'prompt-1', answers: ['hunter2'] }]);
  expect(document.body.innerHTML).not.toContain('hunter2');
});

test('Enter that ends a composition is part of the text', async () => {
  const { service, press } = await openDialog();
  press('Enter', { isComposing: true });
  expect(service.answered).toEqual([]);
});

test('Escape gives up; the focus is back where it was', async () => {
  const { service, inputs, press, dialog, before } = await openDialog();
  inputs()[0]!.value = 'hunter2';
  const gone = new Promise<void>(resolve => dialog.disposed.connect(() => resolve()));
  press('Escape');
  expect(inputs()[0]!.value).toBe('');
  await gone;
  expect(service.answered).toEqual([{ id: 'prompt-1', answers: null }]);
  expect(document.activeElement).toBe(before);
});

test('a question that was answered elsewhere closes here and forgets what was typed', async () => {
  const { stream, inputs, dialog } = await openDialog();
  const [input] = inputs();
  input!.value = 'hunter2';
  stream.promptClosed.emit('prompt-1');
  expect([dialog.isDisposed, input!.value]).toEqual([true, '']);
});

test('the next round comes in the same dialog, with the focus in its first field', async () => {
  const { stream, node, inputs, button, answered, dialog } = await openDialog();
  const done = answered();
  button('Log in')!.click();
  await done;
  stream.prompted.emit(
    makePrompt({ id: 'prompt-2', fields: [{ label: 'Code', secret: false }], text: 'Round two' })
  );
  expect(dialog.isDisposed).toBe(false);
  expect(node.textContent).toContain('Round two');
  expect(document.activeElement).toBe(inputs()[0]);
});

test('a host key shows its fingerprint; what changes nothing is in front', async () => {
  const { service, node, button, inputs, answered } = await openDialog(HOST_KEY);
  expect(inputs()).toEqual([]);
  expect(node.querySelector('code')!.textContent).toBe('SHA256:abc');
  expect(node.textContent).toContain('ssh-ed25519');
  expect(node.textContent).toContain('/home/me/.ssh/known_hosts');
  expect(document.activeElement).toBe(button('Do not connect'));
  const done = answered();
  button('Accept and store')!.click();
  await done;
  expect(service.answered).toEqual([{ id: 'prompt-1', answers: [] }]);
});

test('the time that is left is told near its end, and read out once', async () => {
  const { clock, node } = await openDialog();
  const timer = node.querySelector('[role="timer"]')!;
  const spoken = node.querySelector('.sluice-SrOnly')!;
  clock.advance(80_000);
  expect(timer.textContent).toBe('');
  clock.advance(15_000);
  expect(timer.textContent).toBe('This question closes in 25 seconds.');
  const once = spoken.textContent;
  expect(once).not.toBe('');
  clock.advance(10_000);
  expect([timer.textContent, spoken.textContent]).toEqual([
    'This question closes in 15 seconds.',
    once
  ]);
});

test('the keyboard stays in the dialog', async () => {
  const { inputs, button, press, before } = await openDialog();
  button('Log in')!.focus();
  press('Tab');
  expect(document.activeElement).toBe(inputs()[0]);
  press('Tab', { shiftKey: true });
  expect(document.activeElement).toBe(button('Log in'));
  before.focus();
  expect(document.activeElement).toBe(inputs()[0]);
});
