import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { act } from 'react';
import { SluiceError } from '../../../shared/errors';
import type { DoctorReport } from '../../../shared/wire/doctor';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeReport, makeStep } from '../../__tests__/make-answers';
import { HostBody } from '../../ask/ask-host';
import { DoctorSession } from '../doctor-session';
import { DoctorView } from '../doctor-view';
import { proposedName } from '../doctor-words';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const trans = nullTranslator.load('x');
const problem = new SluiceError('host-unreachable', {
  target: 'testbed',
  host: 'h',
  problem: 'no route'
}).toProblem();

async function show(report: Partial<DoctorReport>) {
  const service = new FakeService();
  service.answerDoctor = async () => makeReport({ state: 'passed', ...report });
  const place = { projectDir: () => null, pythonVersion: async () => null };
  const clock = new FakeClock();
  const session = new DoctorSession({ service, clock, target: 'me@host.org:22', place });
  const view = new DoctorView({ session, close: jest.fn(), trans });
  await act(async () => {
    Widget.attach(view, document.body);
    MessageLoop.flush();
    await session.run();
  });
  const { node } = view;
  const button = (name: string) =>
    [...node.querySelectorAll('button')].find(({ textContent }) => textContent === name);
  return { service, session, node, button };
}

afterEach(() => {
  document.body.replaceChildren();
});

test('is a list of steps, each with its state in words', async () => {
  const { node } = await show({
    steps: [
      makeStep({ title: 'Name lookup', found: '192.0.2.7', seconds: 3.2 }),
      makeStep({ id: 'port', title: 'Port', state: 'running', found: null, seconds: null }),
      makeStep({ id: 'login', title: 'Login', state: 'waiting', found: null, seconds: null })
    ]
  });
  const items = [...node.querySelectorAll('ol > li')];
  expect(items.map(item => item.textContent)).toEqual([
    'Name lookup passed after 3 s192.0.2.7',
    'Port running',
    'Login waiting'
  ]);
  expect(items.map(item => item.getAttribute('aria-current'))).toEqual([null, 'step', null]);
});

test('tells politely what runs, and how it ended', async () => {
  const running = makeStep({ id: 'port', title: 'Port', state: 'running' });
  const { node } = await show({ steps: [makeStep(), running], state: 'canceled' });
  expect(node.querySelector('[role="status"]')!.textContent).toBe('The check was canceled.');
  const ready = await show({ steps: [makeStep()] });
  expect(ready.node.querySelector('[role="status"]')!.textContent).toBe('testbed is ready.');
});

test('the first step that failed is open and says what to do', async () => {
  const { node } = await show({
    state: 'failed',
    steps: [
      makeStep({ details: ['looked up by /etc/hosts'] }),
      makeStep({ id: 'port', title: 'Port', state: 'failed', details: ['tried `22`'], problem }),
      makeStep({ id: 'login', title: 'Login', state: 'skipped', found: 'needs Port' })
    ]
  });
  expect(node.querySelector('[role="status"]')!.textContent).toContain('fails at “Port”');
  const failed = node.querySelector('li[data-step="port"]')!;
  expect(failed.textContent).toContain(problem.message);
  expect(failed.textContent).toContain('needs a VPN');
  expect([...node.querySelectorAll('details')].map(({ open }) => open)).toEqual([false, true]);
  expect(failed.querySelector('li code')!.textContent).toBe('22');
});

test('what it proposes is shown with reasons, and saved under a name', async () => {
  const proposal = {
    toml: '[targets.host]\nroot = "/scratch/me/sluice"\n',
    path: '/home/me/.config/sluice/config.toml',
    reasons: ['`root`: the home has 3 GB only']
  };
  const { service, node, button } = await show({ proposal });
  expect(node.querySelector('pre')!.textContent).toBe(proposal.toml);
  expect(node.textContent).toContain('root: the home has 3 GB only');
  const input = node.querySelector('input')!;
  expect([input.value, input.labels![0]!.textContent]).toEqual(['host', 'Name of the target']);
  expect(node.textContent).toContain(`It is written into ${proposal.path}.`);
  await act(async () => button('Save to my configuration')!.click());
  expect(service.saved).toEqual(['host']);
  expect(button('Save to my configuration')).toBeUndefined();
  const told = node.querySelector('.sluice-DoctorProposal [role="status"]')!;
  expect(told.textContent).toContain('Saved to /home/me/config.toml');
});

test('the proposed name is the offered one, else that of the table', () => {
  const nameIn = (toml: string, name?: string) =>
    proposedName({ toml, name, path: '', reasons: [] });
  const tables = ['# for you\n[targets.gpu-1]\nx = 1', '[targets."a.b"]', ''];
  expect(tables.map(toml => nameIn(toml))).toEqual(['gpu-1', 'a.b', '']);
  expect(nameIn('[targets."login.host.org"]\n', 'host')).toBe('host');
});

test('asks which target or host, and takes any other that is typed', () => {
  const target = {
    scheduler: 'slurm',
    trust: 'none',
    resources: {},
    source: 'x',
    connection: null,
    limits: null
  } as const;
  const body = new HostBody(
    {
      default: 'a',
      targets: [{ name: 'a', host: 'host-a', ...target }],
      aliases: [
        { alias: 'a', hostName: null, user: null },
        { alias: 'b', hostName: 'b.org', user: null }
      ]
    },
    trans
  );
  const select = body.node.querySelector('select')!;
  const other = body.node.querySelector('input')!;
  expect([...select.options].map(({ text }) => text)).toEqual([
    'a (host-a)',
    'b (b.org)',
    'Another host…'
  ]);
  expect([body.getValue(), other.closest('label')!.hidden]).toEqual(['a', true]);
  select.value = '';
  select.dispatchEvent(new Event('change'));
  expect([body.getValue(), other.closest('label')!.hidden]).toEqual([null, false]);
  other.value = ' me@there ';
  expect(body.getValue()).toBe('me@there');
});
