import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { FakeClock } from '../../__tests__/fake-clock';
import { Ticker } from '../../tasks/ticker';
import { CellLine } from '../cell-line';
import type { LineContent } from '../line-content';

const running: LineContent = {
  icon: 'running',
  words: 'testbed · running on n1',
  notes: [],
  findings: [],
  token: null,
  since: 1_000_000,
  nextCheckAt: null,
  estimatedStart: null,
  choices: [],
  target: 'testbed',
  kept: [],
  canCancel: true,
  hasLog: true,
  canDismiss: false,
  canLogIn: false,
  hasFiles: false
};

function makeLine() {
  const clock = new FakeClock(1_000_000);
  const ticker = new Ticker(clock);
  ticker.setActive(true);
  const actions = {
    cancel: jest.fn(),
    openLog: jest.fn(),
    openFiles: jest.fn(),
    logIn: jest.fn(),
    decide: jest.fn(),
    bring: jest.fn(),
    dismiss: jest.fn()
  };
  const line = new CellLine(nullTranslator.load('x'), ticker, actions);
  Widget.attach(line, document.body);
  const button = (name: string) =>
    line.node.querySelector<HTMLButtonElement>(`button[aria-label="${name}"]`);
  const byRole = (role: string) => line.node.querySelector(`[role="${role}"]`)!;
  return { clock, actions, line, button, byRole };
}

afterEach(() => {
  document.body.replaceChildren();
});

test('says the words politely and counts beside them', () => {
  const { clock, line, byRole } = makeLine();
  line.setContent(running);
  expect(byRole('status').textContent).toBe('testbed · running on n1');
  expect(byRole('status').getAttribute('aria-live')).toBe('polite');
  clock.advance(65_000);
  expect(byRole('timer').textContent).toBe('1:05');
  // The clock is outside the live region, or it would be read out each second.
  expect(byRole('status').textContent).toBe('testbed · running on n1');
});

test('its buttons act', () => {
  const { actions, line, button } = makeLine();
  line.setContent(running);
  button('Cancel this cell on Slurm')!.click();
  button('Log of this cell')!.click();
  expect([actions.cancel.mock.calls.length, actions.openLog.mock.calls.length]).toEqual([1, 1]);
  expect(button('Dismiss')).toBeNull();
});

test('a button keeps the focus when the words change', () => {
  const { line, button } = makeLine();
  line.setContent(running);
  button('Log of this cell')!.focus();
  line.setContent({ ...running, words: 'testbed · fetching' });
  expect(document.activeElement).toBe(button('Log of this cell'));
});

test('is empty when there is nothing to say', () => {
  const { clock, line, byRole } = makeLine();
  line.setContent(running);
  line.setContent(null);
  clock.advance(5000);
  expect(line.hasClass('sluice-mod-empty')).toBe(true);
  expect(byRole('status').textContent).toBe('');
  expect(line.node.querySelectorAll('button')).toHaveLength(0);
});

test('notes about the task are folded, and stay open while the words change', () => {
  const { line } = makeLine();
  line.setContent({ ...running, findings: ['big: 120 MB travel', 'rain: edited since'] });
  const details = line.node.querySelector('details')!;
  expect(details.querySelector('summary')!.textContent).toBe('2 notes');
  details.open = true;
  line.setContent({
    ...running,
    words: 'testbed · fetching',
    findings: ['big: 120 MB travel', 'rain: edited since']
  });
  expect(line.node.querySelector('details')).toBe(details);
  expect(details.textContent).toContain('rain: edited since');
  line.setContent(running);
  expect(line.node.querySelector('details')).toBeNull();
});

test('offers a login and the files', () => {
  const { actions, line, button } = makeLine();
  line.setContent({ ...running, canLogIn: true });
  button('Log in, so that this cell goes on')!.click();
  line.setContent({ ...running, hasFiles: true });
  button('Files of this cell')!.click();
  expect([actions.logIn.mock.calls.length, actions.openFiles.mock.calls.length]).toEqual([1, 1]);
  expect(button('Log in, so that this cell goes on')).toBeNull();
});

test('commands in a note are set as code, and stay the text that they are', () => {
  const { line } = makeLine();
  line.setContent({ ...running, notes: ['Run `ssh <b>` once.'] });
  const note = line.node.querySelector('.sluice-CellLine-notes > div')!;
  expect([note.textContent, note.querySelector('code')!.textContent]).toEqual([
    'Run ssh <b> once.',
    'ssh <b>'
  ]);
});

test('an unknown task offers its choices, and tells when Sluice looks next', () => {
  const { actions, clock, line, button, byRole } = makeLine();
  line.setContent({
    ...running,
    icon: 'unknown',
    nextCheckAt: 1_095_000,
    canCancel: false,
    choices: ['look', 'give-up', 'run-again']
  });
  expect(byRole('timer').textContent).toBe('looks again in 2 min');
  clock.advance(60_000);
  expect(byRole('timer').textContent).toBe('looks again in 35 s');
  clock.advance(60_000);
  expect(byRole('timer').textContent).toBe('looking now');
  button('Ask the cluster now what became of this job')!.click();
  button('Give this job up: none of it can run afterwards')!.click();
  button('Give this job up and submit it anew')!.click();
  expect(actions.decide.mock.calls).toEqual([['look'], ['give-up'], ['run-again']]);
});

test('tells beside the clock when the job should start', () => {
  const { clock, line, byRole } = makeLine();
  const estimatedStart = new Date(clock.now() + 7_500_000).toISOString();
  line.setContent({ ...running, icon: 'waiting', estimatedStart });
  expect(byRole('timer').textContent).toMatch(/^0:00 · starts in about 2 h 5 min \(.+\)$/);
  clock.advance(7_500_000);
  expect(byRole('timer').textContent).toBe('2:05:00 · should start now');
});

test('values that were kept have each a button', () => {
  const { actions, line, button } = makeLine();
  const value = { type: 'Tensor', bytes: 2_100_000_000, format: null, files: [], reason: 'large' };
  const kept = [
    { ...value, name: 'big', kept: 'large' as const },
    { ...value, name: 'model', kept: 'withheld' as const }
  ];
  line.setContent({ ...running, icon: 'done', since: null, kept });
  expect(line.node.querySelector('.sluice-CellLine-kept')!.textContent).toBe(
    'big (Tensor, 2.1 GB) is on testbed Fetchmodel (Tensor, 2.1 GB) is here as a pickle and was not loaded Load…'
  );
  button('Fetch “big” into the kernel')!.click();
  button('Load “model” into the kernel')!.click();
  expect(actions.bring.mock.calls).toEqual([['big'], ['model']]);
  line.setContent({ ...running, kept: [] });
  expect(button('Fetch “big” into the kernel')).toBeNull();
});
