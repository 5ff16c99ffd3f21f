import { nullTranslator } from '@jupyterlab/translation';
import { SluiceError } from '../../../shared/errors';
import type { AdoptReport, FoundRun } from '../../../shared/wire/adopt';
import { FakeService } from '../../__tests__/fake-service';
import { AdoptBody } from '../adopt-body';
import { findJobs } from '../find-jobs';

const trans = nullTranslator.load('x');

const run = (changes: Partial<FoundRun> = {}): FoundRun => ({
  task: 'task-a',
  title: 'train()',
  notebookPath: 'work.ipynb',
  submittedAt: 1_760_000_000_000,
  host: 'old-laptop',
  jobId: '42',
  phase: 'running',
  adopted: false,
  problem: null,
  ...changes
});
const report = (...found: FoundRun[]): AdoptReport => ({ target: 'testbed', root: '/root', found });

function open(found: FoundRun[], chosen: readonly string[] | null) {
  const service = new FakeService();
  service.answerAdopt = ({ dryRun }) =>
    report(...found.map(one => ({ ...one, adopted: dryRun !== true && one.problem === null })));
  const told: string[] = [];
  const choose = jest.fn(async () => chosen);
  const store = { refresh: jest.fn(async () => undefined) };
  const begin = (words: string) => {
    told.push(words);
    return {
      end: (end: string) => told.push(`end: ${end}`),
      fail: (end: string) => told.push(`fail: ${end}`)
    };
  };
  return {
    service,
    told,
    choose,
    store,
    go: () => findJobs({ service, store, trans, begin, choose }, 'testbed', '/here')
  };
}

test('looks, asks which, and takes those over', async () => {
  const { service, told, store, go } = open([run(), run({ task: 'task-b' })], ['task-b']);
  await go();
  expect(service.adoptions).toEqual([
    { target: 'testbed', projectDir: '/here', dryRun: true },
    { target: 'testbed', projectDir: '/here', ids: ['task-b'] }
  ]);
  expect(told.slice(1)).toEqual([
    'end: 2 jobs found on testbed.',
    'Taking over jobs of testbed…',
    'end: 1 job is in the panel now.'
  ]);
  expect(store.refresh).toHaveBeenCalledTimes(1);
});

test('asks nothing where there is nothing, and takes nothing where nothing is chosen', async () => {
  const none = open([], null);
  await none.go();
  expect([none.choose.mock.calls, none.told.at(-1)]).toEqual([
    [],
    'end: Every job on testbed is known here already.'
  ]);
  for (const chosen of [null, []]) {
    const page = open([run()], chosen);
    await page.go();
    expect(page.service.adoptions).toHaveLength(1);
  }
});

test('what could not be taken over, and a target that cannot be asked, are told', async () => {
  const page = open([run({ problem: 'its files are gone' })], ['task-a']);
  await page.go();
  expect(page.told.at(-1)).toBe('fail: 0 jobs are in the panel now. train(): its files are gone');
  const away = open([run()], ['task-a']);
  away.service.failure = new SluiceError('service-down', { problem: 'gone', log: 'x' });
  await away.go();
  expect(away.told.at(-1)).toMatch(/^fail: .*gone/);
});

test('each job that was found is a box, ticked where it can be taken over', () => {
  const body = new AdoptBody(
    report(run(), run({ task: 'task-b', title: 'plot()', problem: 'its files are gone' })),
    trans
  );
  expect(body.node.textContent).toMatch(/^2 jobs on testbed are not known on this computer/);
  const [first, second] = body.node.querySelectorAll('input');
  expect([first!.checked, second!.checked, second!.disabled]).toEqual([true, false, true]);
  expect(body.node.textContent).toMatch(
    /train\(\)running · job 42 · work.ipynb · from old-laptop · .+/
  );
  expect(body.node.textContent).toContain('its files are gone');
  expect(body.getValue()).toEqual(['task-a']);
  first!.click();
  expect(body.getValue()).toEqual([]);
});
