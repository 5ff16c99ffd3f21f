import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { act } from 'react';
import { SluiceError } from '../../../shared/errors';
import type { Plan } from '../../../shared/wire/plan';
import type { Rehearsal } from '../../../shared/wire/rehearsal';
import { FakeClock } from '../../__tests__/fake-clock';
import { makeModule, makePlan } from '../../__tests__/make-plan';
import { makeTask } from '../../__tests__/make-task';
import { type IPlanSource, PlanSession } from '../plan-session';
import { PlanView } from '../plan-view';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const rehearsal: Rehearsal = {
  ok: false,
  seconds: 3,
  uncaptured: [{ kind: 'file', name: 'notes.txt', line: 2, text: 'line 2 opened it' }],
  stopped: 'missing',
  message: null,
  task: 'task-1',
  outputs: [{ output_type: 'stream', name: 'stdout', text: 'hello' }]
};

/** Answers that a spec gives by hand. */
function makeSource(plan: Plan) {
  const asked: { isRehearsal: boolean; signal: AbortSignal }[] = [];
  let tell: (plan: Plan) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const source: IPlanSource & { text: string; hasConsent: boolean } = {
    text: 'print(1)',
    hasConsent: true,
    plan: (isRehearsal, signal) => {
      asked.push({ isRehearsal, signal });
      return new Promise((resolve, reject) => {
        tell = resolve;
        fail = reject;
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
    consent: async () => source.hasConsent,
    rehearseThere: async () => makeTask({ rehearsal: true }),
    onFinding: (_, hear) => {
      hear({ ...rehearsal, uncaptured: [] });
      return () => undefined;
    },
    source: () => source.text
  };
  return {
    source,
    asked,
    answer: (given = plan) => tell(given),
    fail: (error: Error) => fail(error)
  };
}

async function open(plan = makePlan()) {
  const clock = new FakeClock();
  const asks = makeSource(plan);
  const session = new PlanSession(asks.source, clock);
  const actions = {
    run: jest.fn(),
    copy: jest.fn(),
    goToLine: jest.fn(),
    openPanel: jest.fn(),
    close: jest.fn()
  };
  const outputs = jest.fn(() => new Widget());
  const view = new PlanView({ session, actions, outputs, trans: nullTranslator.load('x') });
  await act(async () => {
    Widget.attach(view, document.body);
    MessageLoop.flush();
  });
  const button = (name: string) =>
    [...view.node.querySelectorAll('button')].find(
      one => (one.getAttribute('aria-label') ?? one.textContent) === name
    )!;
  const begin = (action: () => Promise<void>) => act(async () => void action());
  const ready = async () => {
    await begin(() => session.refresh());
    await act(async () => asks.answer());
  };
  return { clock, ...asks, session, actions, outputs, view, button, begin, ready };
}

afterEach(() => {
  document.body.replaceChildren();
});

test('says what it waits for, and for how long', async () => {
  const page = await open();
  await page.begin(() => page.session.refresh());
  await act(async () => page.clock.advance(12_000));
  expect(page.view.node.querySelector('[role="status"]')!.textContent).toContain('Asking');
  expect(page.view.node.querySelector('[role="timer"]')!.textContent).toContain('12 s');
});

test('shows the sum, what needs a look, and folded sections with counts and sizes', async () => {
  const leftOut = { kind: 'variable', name: 'lock', reason: 'a lock stays' } as const;
  const note = { kind: 'module', name: 'rain', text: 'edited since' } as const;
  const { view, ready } = await open(makePlan({ leftOut: [leftOut], notes: [note] }));
  await ready();
  expect(view.node.querySelector('.sluice-PlanView-summary')!.textContent).toContain('12.0 MB');
  // In words, not by colour or icon alone.
  const items = [...view.node.querySelectorAll('.sluice-Attention li')].map(one => one.textContent);
  expect(items).toEqual(['Left out: variable locka lock stays', 'Note: module rainedited since']);
  const sections = [...view.node.querySelectorAll('details')].map(one => ({
    title: one.querySelector('h3')!.textContent,
    aside: one.querySelector('.sluice-PlanSection-aside')?.textContent,
    isOpen: one.open
  }));
  expect(sections).toEqual([
    { title: 'Modules', aside: '1 · 100 B', isOpen: true },
    { title: 'Files', aside: '1 · 2.0 kB', isOpen: true },
    { title: 'Variables', aside: '1 · 1 B', isOpen: true },
    { title: 'Script', aside: undefined, isOpen: false }
  ]);
});

test('of many modules the first hundred are shown, all when asked for', async () => {
  const modules = Array.from({ length: 500 }, (_, index) => makeModule(`m${index}`));
  const { view, ready, button } = await open(makePlan({ modules }));
  await ready();
  const section = view.node.querySelector<HTMLDetailsElement>('[data-title="Modules"]')!;
  expect([section.open, section.querySelectorAll('tbody tr').length]).toEqual([false, 100]);
  await act(async () => button('Show all 500').click());
  expect(section.querySelectorAll('tbody tr')).toHaveLength(500);
});

test('tells the start of the smaller shape beside that of what was asked for', async () => {
  const start = (hours: number) => new Date(1_000_000 + hours * 3_600_000).toISOString();
  const { view, ready } = await open(
    makePlan({
      resources: { partition: 'long', time: '1-0' },
      submit: {
        accepted: true,
        estimatedStart: start(3),
        message: null,
        smaller: { resources: { partition: 'long', time: '60' }, estimatedStart: start(1) }
      }
    })
  );
  await ready();
  const answer = view.node.querySelector('.sluice-Answer')!;
  expect(answer.textContent).toMatch(/with 1 h: \d\d:\d\d; as asked: .*\d\d:\d\d/);
  const term = answer.querySelector('.sluice-Term')!;
  const meaning = document.getElementById(term.getAttribute('aria-describedby')!)!;
  expect([term.firstChild!.textContent, meaning.getAttribute('role')]).toEqual([
    'partition long',
    'tooltip'
  ]);
});

test('says that the scheduler would refuse, and why', async () => {
  const submit = { accepted: false, estimatedStart: null, message: 'No such partition.' };
  const { view, ready } = await open(makePlan({ submit: { ...submit, smaller: null } }));
  await ready();
  expect(view.node.querySelector('[data-verdict="refused"]')!.textContent).toContain(
    'would not take the job. No such partition.'
  );
});

test('a rehearsal names what was not captured, goes to its line and shows its outputs apart', async () => {
  const page = await open();
  await page.ready();
  await act(async () => page.button('Rehearse here').click());
  await act(async () => page.clock.advance(12_000));
  expect(page.view.node.textContent).toContain('Rehearsing here… 12 s');
  await act(async () => page.answer(makePlan({ rehearsal })));
  expect(page.asked.map(({ isRehearsal }) => isRehearsal)).toEqual([false, true]);
  const report = page.view.node.querySelector('.sluice-Rehearsal')!;
  expect(report.textContent).toMatch(/File notes\.txt.*line 2.*line 2 opened it/);
  expect(page.outputs).toHaveBeenCalledWith(rehearsal.outputs);
  page.button('Go to line 2 of the cell').click();
  expect(page.actions.goToLine).toHaveBeenCalledWith(2);
});

test('a canceled rehearsal ends the request and leaves the plan', async () => {
  const page = await open();
  await page.ready();
  await act(async () => page.button('Rehearse here').click());
  await act(async () => page.button('Cancel').click());
  expect(page.asked[1]!.signal.aborted).toBe(true);
  expect([page.session.work, page.session.problem]).toEqual([null, null]);
  expect(page.view.node.querySelector('.sluice-PlanView-summary')).not.toBeNull();
});

test('without consent nothing is rehearsed here', async () => {
  const page = await open();
  page.source.hasConsent = false;
  await page.ready();
  await act(async () => page.button('Rehearse here').click());
  expect(page.asked).toHaveLength(1);
});

test('a rehearsal on the cluster says where it is, and what it found', async () => {
  const page = await open();
  await page.ready();
  await act(async () => page.button('Rehearse on the cluster').click());
  expect(page.view.node.textContent).toContain('The rehearsal on testbed was handed over.');
  expect(page.view.node.querySelector('.sluice-Rehearsal h3')!.textContent).toBe(
    'Rehearsal on testbed'
  );
});

test('says that the cell was changed since', async () => {
  const page = await open();
  await page.ready();
  page.source.text = 'print(2)';
  await act(async () => page.session.stir());
  expect(page.view.node.textContent).toContain('The cell was changed since');
  await page.ready();
  expect(page.view.node.textContent).not.toContain('changed since');
});

test('says what went wrong in words', async () => {
  const page = await open();
  await page.begin(() => page.session.refresh());
  await act(async () => page.fail(new SluiceError('service-down', { problem: 'it broke off' })));
  expect(page.view.node.querySelector('[role="alert"]')!.textContent).toContain('it broke off');
});
