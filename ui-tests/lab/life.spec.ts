import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';

test('of a job that may have been lost it is said what is known, and it can be given up', async ({
  page,
  tmpPath
}) => {
  const title = 'print("perhaps")';
  const content = makeNotebook([title], { target: 'lost' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/lost.ipynb`, content);
  const panel = new JobsPanel(page);
  await panel.open();
  await notebook.runOnSlurm(1, 'lost');
  await expect(notebook.line(1)).toContainText('unknown', { timeout: 60_000 });
  await expect(notebook.cell(1).getByRole('timer')).toHaveText(/looks again in|looking now/);
  await expect(panel.row(title)).toContainText('unknown');
  await notebook
    .cell(1)
    .getByRole('button', { name: /^Give this job up: / })
    .click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('no job of it can run your code');
  await dialog.getByRole('button', { name: 'Give up' }).click();
  // Until no job of it can turn up any more it is looked for.
  await expect(notebook.line(1)).toContainText(/being given up|canceled/, { timeout: 40_000 });
  await expect(panel.row(title)).toContainText(/canceling|canceled/);
});

test('before the first cell goes to a target it is asked how far it is trusted', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook(['from IPython.display import HTML\nHTML("<b>bold</b>")'], {
    target: 'unasked'
  });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/trust.ipynb`, content);
  const dialog = page.getByRole('dialog');
  await notebook.runOnSlurm(1, 'unasked');
  await expect(dialog.getByRole('radio', { name: 'Text and pictures' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(notebook.line(1)).toHaveText('');
  await expect(notebook.prompt(1)).toHaveText('[ ]:');
  await notebook.runOnSlurm(1, 'unasked');
  await dialog.getByRole('radio', { name: 'Interactive outputs too' }).check();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(notebook.outputs(1).locator('b')).toHaveText('bold', { timeout: 40_000 });
  // Once is enough.
  await notebook.runOnSlurm(1, 'unasked');
  await expect(notebook.line(1)).toContainText('unasked');
  await expect(dialog).toHaveCount(0);
  await expect(notebook.prompt(1)).toHaveText(/\[\d\]:/);
});

test('a loop that its time limit ends brings home what it had by then', async ({
  page,
  tmpPath
}) => {
  const loop =
    'import time\nhistory = []\nfor epoch in range(1000):\n    history.append(epoch)\n    time.sleep(0.1)';
  const content = makeNotebook([loop, 'print(len(history) == epoch + 1)'], { target: 'brief' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/brief.ipynb`, content);
  await notebook.runOnSlurm(1, 'brief');
  await expect(notebook.line(1)).toContainText('timed out', { timeout: 80_000 });
  await expect(notebook.cell(1)).toContainText('Partial results are here.');
  await notebook.runHere(2);
  await expect(notebook.outputs(2)).toHaveText('True\n');
});

test('a result that came as a pickle is loaded by a word only', async ({ page, tmpPath }) => {
  const content = makeNotebook(['class Net:\n    size = 7\nnet = Net()', 'print(net.size)'], {
    target: 'testbed'
  });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/load.ipynb`, content);
  await notebook.runOnSlurm(1, 'testbed');
  await notebook
    .cell(1)
    .getByRole('button', { name: 'Load “net” into the kernel', exact: true })
    .click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('can run any code on this computer');
  await dialog.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(page.getByText('“net” is in the kernel now.')).toBeVisible();
  await notebook.runHere(2);
  await expect(notebook.outputs(2)).toHaveText('7\n');
});

test('a large output has its place, and is shown by a click, after a reload too', async ({
  page,
  tmpPath
}) => {
  const source = 'from IPython.display import HTML\nHTML("<i>far</i>" + "<!-- x -->" * 200_000)';
  const content = makeNotebook([source], { target: 'here' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/large.ipynb`, content);
  await notebook.runOnSlurm(1, 'here');
  const show = notebook.cell(1).getByRole('button', { name: /^Show text\/html/ });
  await expect(show).toBeVisible({ timeout: 40_000 });
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  await notebook.save();
  await notebook.reload();
  await show.click();
  await expect(notebook.outputs(1).locator('i')).toHaveText('far', { timeout: 40_000 });
});
