import type { ISessionContext } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import type { HomeVariable } from '../../../shared/wire/task';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeKernel } from '../../__tests__/fake-kernel';
import { FakeService } from '../../__tests__/fake-service';
import { makeTask } from '../../__tests__/make-task';
import { restoreVariables } from '../restore-variables';

const here: HomeVariable = {
  name: 'x',
  type: 'int',
  bytes: 1,
  format: 'json',
  files: [{ role: 'json', path: '/results/x' }],
  reason: null
};
const there: HomeVariable = { ...here, name: 'fig', reason: 'no typed format' };

function restore(variables: HomeVariable[], kernel: FakeKernel, kernelId = 'kernel-1') {
  const session = { ready: Promise.resolve(), session: { kernel } } as unknown as ISessionContext;
  const origin = { notebookPath: 'work.ipynb', cellId: 'cell-1', kernelId };
  const task = makeTask({ phase: 'completed', variables, origin });
  const trans = nullTranslator.load('x');
  return restoreVariables(new FakeService(), session, task, new FakeClock(), trans);
}

const restored = (changes: object) => [
  { name: 'x', bound_as: 'x', type: 'int', error: null, ...changes }
];

test('binds what came home without a word, and asks for nothing else', async () => {
  const kernel = new FakeKernel(restored({}));
  await expect(restore([here, there], kernel)).resolves.toEqual([]);
  const expression = Object.values(kernel.asked[0]!.content.user_expressions!)[0];
  expect(expression).toContain("page.call('restore'");
  expect(expression).toContain('/results/x');
  expect(expression).not.toContain('fig');
});

test('leaves the kernel alone when nothing came home', async () => {
  const kernel = new FakeKernel(restored({}));
  await expect(restore([there], kernel)).resolves.toEqual([]);
  expect(kernel.asked).toEqual([]);
});

test.each([
  ['a conflict', new FakeKernel(restored({ bound_as: 'x_slurm' })), 'kernel-1', /“x_slurm”/],
  [
    'a broken value',
    new FakeKernel(restored({ error: 'hash differs' })),
    'kernel-1',
    /hash differs/
  ],
  ['another kernel', new FakeKernel(restored({})), 'kernel-0', /is gone; not loaded: x/],
  ['a kernel that fails', new FakeKernel({}, { error: 'KeyError' }), 'kernel-1', /\(x\).*KeyError/]
])('tells of %s', async (_, kernel, kernelId, words) => {
  const notes = await restore([here], kernel, kernelId);
  expect(notes).toEqual([expect.stringMatching(words)]);
});

test('binds a handle of what stayed there whole, and says nothing where only that is not possible', async () => {
  const from = { task: 'task-1', target: 'testbed' };
  const large: HomeVariable = { ...there, name: 'big', kept: 'large', files: [], from };
  const withheld: HomeVariable = { ...there, name: 'model', kept: 'withheld', from };
  const kernel = new FakeKernel(restored({ name: 'big', bound_as: 'big' }));
  await expect(restore([large, withheld], kernel)).resolves.toEqual([]);
  const expression = Object.values(kernel.asked[0]!.content.user_expressions!)[0];
  expect(expression).toContain('big');
  expect(expression).not.toContain('model');
  await expect(restore([large], kernel, 'kernel-0')).resolves.toEqual([]);
});
