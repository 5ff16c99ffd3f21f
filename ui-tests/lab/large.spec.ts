import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';

test('large files are asked about at once, and the answer is kept with the cell', async ({
  page,
  tmpPath
}) => {
  const make = [
    'for name, size in {"big.bin": 300_000_000, "mid.bin": 60_000_000}.items():',
    '    open(name, "wb").truncate(size)'
  ].join('\n');
  const read = [
    'import os',
    'print(len(open("big.bin", "rb").read()) if os.path.exists("big.bin") else None)',
    'print(len(open("mid.bin", "rb").read()) if os.path.exists("mid.bin") else None)'
  ].join('\n');
  const content = makeNotebook([make, read], { target: 'here' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/large.ipynb`, content);
  await notebook.runHere(1);
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  await notebook.runOnSlurm(2, 'here');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox')).toHaveCount(2);
  await dialog.getByRole('checkbox', { name: 'big.bin' }).uncheck();
  await dialog.getByRole('button', { name: 'Run on Slurm' }).click();
  await expect(notebook.outputs(2)).toHaveText('None\n60000000\n');
  await notebook.runOnSlurm(2, 'here');
  await expect(notebook.prompt(2)).toHaveText('[*]:');
  await expect(notebook.prompt(2)).toHaveText('[2]:');
  await expect(dialog).toHaveCount(0);
  // Two runs, and no third that was refused for the question.
  const panel = new JobsPanel(page);
  await panel.open();
  const rows = panel.finished().filter({ hasText: 'import os' });
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: 'failed' })).toHaveCount(0);
});

test('a variable that is too large is made again there, by the cells that made it here', async ({
  page,
  tmpPath
}) => {
  const make = 'scale = 3\nbig = [scale] * 2_000_000';
  const content = makeNotebook(['scale = 3', make, 'print(sum(big))'], { target: 'small' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/recipe.ipynb`, content);
  for (const number of [1, 2]) {
    await notebook.runHere(number);
    await expect(notebook.prompt(number)).toHaveText(`[${number}]:`);
  }
  await notebook.runOnSlurm(3, 'small');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('“big” is too large to send');
  await expect(dialog.locator('pre')).toContainText('big = [scale] * 2_000_000');
  await expect(dialog.getByRole('radio', { name: /by running the cell/ })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(notebook.outputs(3)).toHaveText('6000000\n', { timeout: 40_000 });
  const panel = new JobsPanel(page);
  await panel.open();
  await expect(panel.finished().filter({ hasText: 'print(sum(big))' })).toHaveCount(1);
});
