import type { ISessionContext } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { SluiceError } from '../../../shared/errors';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeKernel } from '../../__tests__/fake-kernel';
import { FakeService } from '../../__tests__/fake-service';
import { codeCell, makeNotebook } from '../../__tests__/make-cell';
import { makePlan } from '../../__tests__/make-plan';
import { texts } from '../../__tests__/make-texts';
import { makeTask } from '../../__tests__/make-task';
import { CellRun } from '../../cell/cell-run';
import { Logins } from '../../login/logins';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { runCell } from '../run-cell';

const capture = { version: 1, language: 'python', cwd: '/home/me/project', obstacles: [] };

function open(kernel: FakeKernel | null = new FakeKernel(capture)) {
  const notebook = makeNotebook('print("é")\n');
  const clock = new FakeClock();
  const service = new FakeService();
  service.answerSubmit = ({ requestId }) => makeTask({ requestId });
  const store = new TaskStore(service, new Ticker(clock));
  service.stream.start();
  const run = new CellRun(codeCell(notebook), notebook, {
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
  // Of a notebook's view this part needs only these.
  const panel = {
    content: { model: notebook },
    context: { localPath: 'work.ipynb' },
    sessionContext: {
      ready: Promise.resolve(),
      session: kernel && { kernel }
    } as unknown as ISessionContext
  } as unknown as NotebookPanel;
  const asked: unknown[] = [];
  const answers: unknown[] = [];
  const answer = async (question: unknown): Promise<never> => {
    asked.push({ question, line: run.line });
    return (answers.shift() ?? null) as never;
  };
  const waysOn = {
    largeValue: answer,
    undecidedFiles: answer,
    trust: (...question: unknown[]) => answer(question),
    projectFile: answer
  };
  const { model } = run;
  return { notebook, clock, service, store, run, panel, kernel, model, waysOn, asked, answers };
}

const errorOf = (page: ReturnType<typeof open>): string =>
  page.model.outputs.toJSON()[0]?.['evalue'] as string;

test('asks the kernel in a subshell and hands over source, origin and capture', async () => {
  const page = open(new FakeKernel(capture, { hasSubshells: true }));
  await runCell(page);
  expect(page.kernel!.asked).toMatchObject([
    {
      subshell: 'subshell-1',
      content: { silent: true, store_history: false, stop_on_error: false, code: 'snippet' }
    }
  ]);
  expect(page.kernel!.openSubshells).toBe(0);
  expect(page.service.submitted).toMatchObject([
    {
      target: null,
      payload: { kind: 'cell', source: 'print("é")\n', outputs: null },
      origin: { notebookPath: 'work.ipynb', cellId: 'cell-1', kernelId: 'kernel-1' },
      projectDir: '/home/me/project',
      capture
    }
  ]);
  expect(page.run.task?.id).toBe('task-1');
});

test('takes the target that the cell, else the notebook names', async () => {
  const page = open();
  page.notebook.setMetadata('sluice', { target: 'of-notebook' });
  await runCell(page);
  page.model.sharedModel.setMetadata('sluice', { target: 'of-cell' });
  await runCell(page);
  expect(page.service.submitted.map(({ target }) => target)).toEqual(['of-notebook', 'of-cell']);
});

test.each([
  ['no kernel', null, 'kernel-silent', 'has no kernel'],
  ['a dead kernel', new FakeKernel({}, { status: 'dead' }), 'kernel-silent', 'is dead'],
  ['another language', new FakeKernel({}, { language: 'R' }), 'kernel-not-python', 'r'],
  ['a kernel that fails', new FakeKernel({}, { error: 'NameError' }), 'kernel-silent', 'NameError']
])(
  'with %s the obstacle is handed over, so that the task is listed',
  async (_, kernel, code, word) => {
    const page = open(kernel);
    await runCell(page);
    const obstacle = page.service.submitted[0]?.capture?.obstacles[0];
    expect(obstacle?.code).toBe(code);
    expect(Object.values(obstacle!.details).join()).toContain(word);
  }
);

test('a kernel that never answers is told as such after its deadline', async () => {
  const page = open(new FakeKernel(capture, { isSilent: true }));
  const done = runCell(page);
  await page.kernel!.wasAsked;
  page.clock.advance(3_600_000);
  // Busy with another cell it may take any time; from its own turn on it may not.
  expect(page.service.submitted).toEqual([]);
  page.kernel!.sayBusy();
  page.clock.advance(120_000);
  await done;
  expect(page.service.submitted[0]?.capture?.obstacles).toMatchObject([{ code: 'kernel-silent' }]);
});

test('a cancel while the kernel is asked sends nothing', async () => {
  const page = open(new FakeKernel(capture, { isSilent: true }));
  const done = runCell(page);
  await page.kernel!.wasAsked;
  await page.run.cancel();
  await done;
  expect(page.service.submitted).toEqual([]);
  expect([page.run.line, page.model.executionState]).toEqual([null, 'idle']);
});

test('a missing server half is told in the cell', async () => {
  const page = open();
  page.service.failure = new SluiceError('server-missing');
  await runCell(page);
  expect(errorOf(page)).toContain('server half of Sluice');
  expect(page.run.line).toMatchObject({ kind: 'problem', problem: { code: 'server-missing' } });
});

test('a submit that got lost is repeated with the same request id', async () => {
  const page = open();
  const ids: string[] = [];
  let isLost: () => void = () => undefined;
  const lost = new Promise<void>(resolve => (isLost = resolve));
  page.service.answerSubmit = ({ requestId }) => {
    ids.push(requestId);
    if (ids.length === 1) {
      isLost();
      throw new SluiceError('service-down', { problem: 'broke off' });
    }
    return makeTask({ requestId });
  };
  const done = runCell(page);
  await lost;
  await Promise.resolve();
  page.clock.advance(300);
  await done;
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect(page.run.task?.requestId).toBe(ids[0]);
});

const tooLarge = {
  code: 'variable-too-large',
  details: {
    name: 'big',
    size: '3.1 GB',
    limit: '2 GB',
    recipe: '# In [3]\nbig = make()',
    recipeCells: '3',
    columns: '["a", "b"]',
    columnsSize: '120 MB'
  }
};

test.each([
  ['recompute', { recompute: ['big'] }],
  ['columns', { columns: { big: ['a', 'b'] } }],
  ['exclude', { exclude: ['big'] }]
])('a value that is too large: %s is asked of the kernel the next time', async (way, wanted) => {
  const kernel = new FakeKernel({ ...capture, obstacles: [tooLarge] });
  const page = open(kernel);
  page.answers.push(way, null);
  await runCell(page);
  expect(page.asked[0]).toMatchObject({
    question: { name: 'big', recipe: { cells: '3' }, columns: { size: '120 MB' } },
    line: { kind: 'local', step: 'asking-you' }
  });
  const questions = kernel.asked.map(({ content }) => argumentsOf(content));
  expect(questions).toHaveLength(2);
  expect(questions[1]).toMatchObject(wanted);
  // The second time the person chose not to run: nothing was sent, and the cell rests.
  expect([page.service.submitted, page.run.line, page.model.executionState]).toEqual([
    [],
    null,
    'idle'
  ]);
});

const undecided = ['big.csv', 'old.csv'].map(path => ({ path, bytes: 3e9, why: 'read in line 1' }));

test('large files are asked about at once, before the submit, and remembered in the cell', async () => {
  const page = open();
  page.answers.push(new Set(['old.csv']));
  page.service.answerPlan = () => makePlan({ undecided });
  await runCell(page);
  expect(page.asked).toMatchObject([
    { question: undecided, line: { kind: 'local', step: 'asking-you' } }
  ]);
  const files = { include: ['old.csv'], exclude: ['big.csv'] };
  expect(page.service.submitted.map(request => request.files)).toEqual([files]);
  expect(page.model.getMetadata('sluice')).toMatchObject({ files, task: 'task-1' });
});

test('who does not choose sends nothing', async () => {
  const page = open();
  page.answers.push(null);
  page.service.answerPlan = () => makePlan({ undecided });
  await runCell(page);
  expect([page.service.submitted, page.run.line, page.run.task]).toEqual([[], null, null]);
});

test('where nothing can be planned the submit says why', async () => {
  const page = open();
  page.service.answerPlan = () => {
    throw new SluiceError('target-unknown', { name: 'x' });
  };
  await runCell(page);
  expect([page.asked, page.service.submitted.length]).toEqual([[], 1]);
});

test('the limits are those of the target that the cell names', async () => {
  const page = open();
  page.model.sharedModel.setMetadata('sluice', { target: 'small' });
  await runCell(page);
  expect(page.service.kitsAsked).toContainEqual({ target: 'small' });
});

/** What the helper was asked with, out of the expression that calls it. */
function argumentsOf(content: { user_expressions?: unknown }): unknown {
  const { answer } = content.user_expressions as { answer: string };
  const literal = answer.slice(answer.indexOf(', "') + 2, -1);
  return JSON.parse(JSON.parse(literal) as string);
}

describe('a target of which nobody was asked how far it is trusted', () => {
  const openStranger = (kernel = new FakeKernel(capture)) => {
    const page = open(kernel);
    page.service.answerTargets = targets => ({
      ...targets,
      targets: targets.targets.map(target => ({ ...target, trust: 'none', asksTrust: true }))
    });
    return page;
  };

  test('is asked about before anything is sent, and the answer counts at once', async () => {
    const page = openStranger();
    page.answers.push('none');
    await runCell(page);
    expect(page.asked).toMatchObject([
      { question: ['testbed', 'none'], line: { kind: 'local', step: 'asking-you' } }
    ]);
    expect(page.service.trusts).toEqual([
      { target: 'testbed', trust: 'none', projectDir: '/home/me/project' }
    ]);
    expect(page.service.targetsAsked).toContain('/home/me/project');
    // What was known before said otherwise.
    expect([page.service.submitted.length, page.model.trusted]).toEqual([1, false]);
  });

  test('gets nothing where the person does not answer', async () => {
    const page = openStranger();
    await runCell(page);
    expect([page.asked.length, page.service.trusts, page.service.submitted]).toEqual([1, [], []]);
    expect([page.run.line, page.model.executionState]).toEqual([null, 'idle']);
  });

  test('is not asked about for a cell that cannot run', async () => {
    const obstacles = [{ code: 'x', details: {} }];
    const page = openStranger(new FakeKernel({ ...capture, obstacles }));
    await runCell(page);
    expect([page.asked, page.service.submitted.length]).toEqual([[], 1]);
  });
});

describe('a project file that asks for more', () => {
  const asked = {
    path: '/home/me/project/sluice.toml',
    keys: 'setup, host',
    sha256: 'a'.repeat(64)
  };
  const openProject = () => {
    const page = open();
    page.service.answerTargets = targets => {
      if (page.service.consents.length === 0) {
        throw new SluiceError('project-consent', asked);
      }
      return targets;
    };
    return page;
  };

  test('is allowed by the person, then the cell goes on', async () => {
    const page = openProject();
    page.answers.push(true);
    await runCell(page);
    expect(page.asked).toMatchObject([{ question: asked, line: { step: 'asking-you' } }]);
    expect(page.service.consents).toEqual([{ path: asked.path, sha256: asked.sha256 }]);
    expect(page.service.submitted).toHaveLength(1);
  });

  test('that is not allowed says in the cell what it wanted', async () => {
    const page = openProject();
    await runCell(page);
    expect([page.service.consents, page.service.submitted]).toEqual([[], []]);
    expect(errorOf(page)).toContain('setup, host');
  });

  test('that goes on asking is not asked about for ever', async () => {
    const page = openProject();
    page.service.answerTargets = () => {
      throw new SluiceError('project-consent', asked);
    };
    page.answers.push(true, true, true);
    await runCell(page);
    expect([page.asked.length, page.service.submitted]).toEqual([1, []]);
  });
});
