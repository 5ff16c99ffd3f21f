import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { LabNotebookPage } from '../pages/lab-notebook-page';

test('a picture, a result and a warning arrive as from a local cell', async ({ page, tmpPath }) => {
  const source = [
    'import sys',
    'import matplotlib.pyplot as plt',
    'print("careful", file=sys.stderr)',
    'plt.plot([1, 4, 9])',
    'plt.show()',
    '{"n": 3}'
  ].join('\n');
  const content = makeNotebook([`%matplotlib inline`, source], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/picture.ipynb`, content);
  await notebook.runOnSlurm(2, 'testbed');
  const picture = notebook.outputs(2).locator('img');
  await expect(picture).toBeVisible();
  expect(await picture.evaluate(node => (node as HTMLImageElement).naturalWidth)).toBeGreaterThan(
    100
  );
  await expect(notebook.outputs(2).filter({ hasText: 'careful' })).toHaveAttribute(
    'data-mime-type',
    'application/vnd.jupyter.stderr'
  );
  await expect(notebook.outputs(2).filter({ hasText: "{'n': 3}" })).toBeVisible();
  await expect(notebook.prompt(2)).toHaveText(/\[\d+\]:/);
});

test('an exception shows its traceback and stays when the notebook is saved', async ({
  page,
  tmpPath
}) => {
  const source = 'def f():\n    return 1 / 0\nprint("before")\nf()';
  const content = makeNotebook([source], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/error.ipynb`, content);
  await notebook.runOnSlurm(1, 'testbed');
  const error = notebook.outputs(1).filter({ hasText: 'ZeroDivisionError' });
  await expect(error).toContainText('return 1 / 0');
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  await expect(notebook.line(1)).toContainText('failed');
  await notebook.save();
  const { outputs } = (await notebook.saved()).cells[0]!;
  expect(outputs).toMatchObject([
    { output_type: 'stream', text: 'before\n' },
    { output_type: 'error', ename: 'ZeroDivisionError', evalue: 'division by zero' }
  ]);
  expect(outputs).toHaveLength(2);
});

test('progress that redraws its line and a display that is updated stay one output each', async ({
  page,
  tmpPath
}) => {
  const source = [
    'from IPython.display import display',
    'handle = display("step 0", display_id=True)',
    'for step in range(1, 4):',
    '    print(f"\\r{step} of 3", end="", flush=True)',
    '    handle.update(f"step {step}")'
  ].join('\n');
  const content = makeNotebook([source], { target: 'here' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/progress.ipynb`, content);
  await notebook.runOnSlurm(1, 'here');
  await expect(notebook.outputs(1)).toHaveText(["'step 3'", '3 of 3']);
  await expect(notebook.prompt(1)).toHaveText('[1]:');
});

test('another cell runs in the kernel meanwhile', async ({ page, tmpPath }) => {
  const content = makeNotebook(
    ['import time\nprint("there", flush=True)\ntime.sleep(20)', 'print("here", 1 + 1)'],
    { target: 'testbed' }
  );
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/meanwhile.ipynb`, content);
  await notebook.runOnSlurm(1, 'testbed');
  await expect(notebook.outputs(1)).toHaveText('there\n');
  await notebook.runHere(2);
  await expect(notebook.outputs(2)).toHaveText('here 2\n');
  await expect(notebook.prompt(1)).toHaveText('[*]:');
  const cancel = await notebook.button(1, 'Cancel on Slurm: testbed');
  await cancel.click();
  await expect(notebook.line(1)).toContainText('canceled');
  await expect(notebook.prompt(1)).not.toHaveText('[*]:');
});

test('100,000 lines are counted, the notebook stays usable, the log has them all', async ({
  page,
  tmpPath
}) => {
  const source = 'for n in range(100_000):\n    print("line", n)';
  const content = makeNotebook([source, 'print("here")'], { target: 'here' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/lines.ipynb`, content);
  await notebook.runOnSlurm(1, 'here');
  await expect(notebook.outputs(1).first()).toContainText('line 0\n');
  await notebook.runHere(2);
  await expect(notebook.outputs(2)).toHaveText('here\n');
  await expect(notebook.prompt(1)).toHaveText(/\[\d+\]:/, { timeout: 60_000 });
  await notebook.save();
  const [shown, more] = (await notebook.saved()).cells[0]!.outputs as [
    { text: string },
    { data: { 'text/plain': string } }
  ];
  const hidden = 100_000 - (shown.text.split('\n').length - 1);
  expect(more.data['text/plain']).toBe(`… ${hidden.toLocaleString('en')} more lines in the log`);
  await notebook.cell(1).getByRole('button', { name: 'Log of this cell' }).click();
  await expect(page.getByRole('log', { name: 'Log' })).toContainText('line 99999');
});

test('a dry run shows what would travel and submits nothing', async ({ page, tmpPath }) => {
  const content = makeNotebook(['weights = [1, 2, 3]', 'sum(weights)'], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/plan.ipynb`, content);
  await notebook.runHere(1);
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  await notebook.select(2);
  await page.menu.clickMenuItem('Run>Dry run on Slurm');
  const variables = page.getByRole('region', { name: 'Variables' });
  await expect(variables.getByRole('row', { name: /weights/ })).toContainText('list');
  await expect(page.getByRole('heading', { name: 'Dry run on testbed' })).toBeVisible();
  await expect(notebook.outputs(2)).toHaveCount(0);
});
