import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { LabNotebookPage } from '../pages/lab-notebook-page';

const COUNTING = [
  'import time',
  'for n in range(12):',
  '    print("line", n, flush=True)',
  '    time.sleep(1)',
  'total = n'
].join('\n');

const ALL_LINES = Array.from({ length: 12 }, (_, n) => `line ${n}\n`).join('');

test('a reload in the middle loses no line and doubles none', async ({ page, tmpPath }) => {
  const content = makeNotebook([COUNTING, 'print("total", total)'], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/reload.ipynb`, content);
  await notebook.runOnSlurm(1, 'testbed');
  await expect(notebook.outputs(1).first()).toContainText('line 2');
  await notebook.save();
  await expect(notebook.outputs(1).first()).toContainText('line 4');
  await notebook.reload();
  await expect(notebook.prompt(1)).toHaveText('[*]:');
  await expect(notebook.outputs(1).first()).toContainText('line 11', { timeout: 60_000 });
  await expect(notebook.prompt(1)).toHaveText(/\[\d+\]:/);
  await expect(notebook.outputs(1)).toHaveText(ALL_LINES);
  await notebook.save();
  expect((await notebook.saved()).cells[0]).toMatchObject({
    outputs: [{ output_type: 'stream', name: 'stdout', text: ALL_LINES }],
    metadata: { sluice: { ended: true } }
  });
  await notebook.runHere(2);
  await expect(notebook.outputs(2)).toHaveText('total 11\n');
});

test('a page that goes right after the press finds everything when it comes back', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook(['print("while you were away")'], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/away.ipynb`, content);
  const submitted = page.waitForResponse(response => response.url().includes('/sluice/api/submit'));
  await notebook.runOnSlurm(1, 'testbed');
  await submitted;
  // Nothing is saved: the file does not know of the task.
  await notebook.reload();
  await expect(notebook.outputs(1)).toHaveText('while you were away\n', { timeout: 40_000 });
  await expect(notebook.prompt(1)).toHaveText(/\[\d+\]:/);
  await notebook.save();
  await notebook.reload();
  await expect(notebook.outputs(1)).toHaveText('while you were away\n');
});

test('an edited cell gets its outputs, marked as of an earlier version', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook(['import time\ntime.sleep(6)\nprint("sent")'], { target: 'here' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/edited.ipynb`, content);
  await notebook.runOnSlurm(1, 'here');
  await expect(notebook.line(1)).toContainText('running');
  await notebook.cell(1).locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nprint("typed")');
  await expect(notebook.outputs(1)).toHaveText('sent\n');
  await expect(notebook.cell(1).locator('.sluice-CellLine')).toContainText('earlier version');
  await page.keyboard.press('Control+z');
  await expect(notebook.outputs(1)).toHaveText('sent\n');
});
