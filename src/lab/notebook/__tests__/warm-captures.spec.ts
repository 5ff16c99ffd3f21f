import { CodeCell, type ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { SluiceError } from '../../../shared/errors';
import type { PlanInput } from '../../../shared/wire/submit';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeKernel } from '../../__tests__/fake-kernel';
import { FakeService } from '../../__tests__/fake-service';
import { codeCell, makeNotebook } from '../../__tests__/make-cell';
import { makePlan } from '../../__tests__/make-plan';
import { REST_MS, WarmCaptures } from '../warm-captures';

const capture = { nonce: 'n', cwd: '/home/me', obstacles: [] };

/** A tracker with one notebook of two cells, the first of them active. */
function open(kernel = new FakeKernel(capture, { hasSubshells: true })) {
  const notebook = makeNotebook('print(1)', 'print(2)');
  const clock = new FakeClock();
  const service = new FakeService();
  const planned: { request: PlanInput; signal: AbortSignal | undefined }[] = [];
  service.plan = async (request, signal) => {
    planned.push({ request, signal });
    return makePlan();
  };
  const cells = [0, 1].map(index => fakeCell(codeCell(notebook, index)));
  const tracker = {
    currentWidget: {
      content: { model: notebook },
      context: { localPath: 'work.ipynb' },
      sessionContext: { ready: Promise.resolve(), session: { kernel } }
    },
    activeCell: cells[0],
    activeCellChanged: new Signal<object, void>({})
  };
  const settings = { warmsCapture: true };
  const warm = new WarmCaptures({
    tracker: tracker as unknown as INotebookTracker,
    service,
    settings,
    clock
  });
  const activate = (index: number): void => {
    tracker.activeCell = cells[index];
    tracker.activeCellChanged.emit(undefined);
  };
  const model = codeCell(notebook);
  return { clock, service, kernel, warm, settings, planned, model, activate };
}

/** Of a cell's view this part needs its type and its model. */
function fakeCell(model: ICodeCellModel): CodeCell {
  return Object.create(CodeCell.prototype, { model: { value: model } }) as CodeCell;
}

/** Let everything that waits on answered promises go on. */
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

async function rest(page: ReturnType<typeof open>): Promise<void> {
  page.clock.advance(REST_MS);
  await settled();
}

test('a cell that rests is looked at once, lightly, in a subshell', async () => {
  const page = open();
  await rest(page);
  expect(page.planned).toMatchObject([
    { request: { brief: true, payload: { source: 'print(1)' } } }
  ]);
  expect(page.kernel.asked).toHaveLength(1);
  expect(page.kernel.asked[0]!.subshell).toBe('subshell-1');
  expect(JSON.stringify(page.kernel.asked[0]!.content)).toContain('write');
  expect(page.warm.planOf(page.model)).toEqual(makePlan());
});

test('typing asks nothing until it rests, then once', async () => {
  const page = open();
  await rest(page);
  for (let letter = 0; letter < 50; letter += 1) {
    page.model.sharedModel.setSource(`print(1${'0'.repeat(letter + 1)})`);
    page.clock.advance(REST_MS / 2);
    await settled();
  }
  expect(page.planned).toHaveLength(1);
  // What is shown is never that of another text.
  expect(page.warm.planOf(page.model)).toBeNull();
  await rest(page);
  expect(page.planned).toHaveLength(2);
});

test('what another cell would send is dropped, also while it is asked for', async () => {
  const page = open();
  let answer: () => void = () => undefined;
  page.service.plan = (_, signal) => {
    page.planned.push({ request: {} as PlanInput, signal });
    return new Promise(resolve => (answer = () => resolve(makePlan())));
  };
  await rest(page);
  page.activate(1);
  expect(page.planned[0]!.signal!.aborted).toBe(true);
  answer();
  await settled();
  expect(page.warm.planOf(page.model)).toBeNull();
});

test('a kernel without subshells is asked only when someone comes near', async () => {
  const page = open(new FakeKernel(capture));
  await rest(page);
  expect(page.kernel.asked).toEqual([]);
  page.warm.askNow();
  page.warm.askNow();
  await settled();
  expect(page.kernel.asked).toHaveLength(1);
  expect(page.warm.planOf(page.model)).not.toBeNull();
});

test('a busy kernel is left alone until it rests', async () => {
  const kernel = new FakeKernel(capture, { hasSubshells: true, status: 'busy' });
  const page = open(kernel);
  await rest(page);
  expect(kernel.asked).toEqual([]);
  kernel.become('idle');
  expect(kernel.asked).toEqual([]);
  await rest(page);
  expect(kernel.asked).toHaveLength(1);
});

test('a kernel of another language is left alone', async () => {
  const kernel = new FakeKernel(capture, { hasSubshells: true, language: 'R' });
  const page = open(kernel);
  await rest(page);
  page.warm.askNow();
  await settled();
  expect(kernel.asked).toEqual([]);
});

test('a kernel on another machine is asked once only', async () => {
  const page = open(new FakeKernel({ ...capture, nonce: null }, { hasSubshells: true }));
  await rest(page);
  page.model.sharedModel.setSource('print(3)');
  await rest(page);
  expect([page.kernel.asked.length, page.planned.length]).toEqual([1, 0]);
});

test('nothing is asked when the setting is off, or for a cell that sends itself', async () => {
  const page = open();
  page.settings.warmsCapture = false;
  page.model.sharedModel.setSource('print(3)');
  await rest(page);
  page.settings.warmsCapture = true;
  page.model.sharedModel.setSource('%%slurm\nprint(3)');
  await rest(page);
  page.model.sharedModel.setSource('  \n');
  await rest(page);
  expect(page.kernel.asked).toEqual([]);
});

test('a service that refuses disturbs nobody', async () => {
  const page = open();
  page.service.plan = async () => {
    throw new SluiceError('syntax-error', { line: 1, problem: 'p' });
  };
  await rest(page);
  expect(page.warm.planOf(page.model)).toBeNull();
  page.service.plan = async () => makePlan();
  page.model.sharedModel.setSource('print(4)');
  await rest(page);
  expect(page.warm.planOf(page.model)).not.toBeNull();
});
