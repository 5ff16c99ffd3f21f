import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { JobFiles } from '../pages/job-files';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';

const WRITE = [
  'import pathlib',
  'pathlib.Path("curve.csv").write_text("x,y\\n1,2\\n")',
  'for name in ("first.pt", "second.pt"):',
  '    open(name, "wb").truncate(110_000_000)'
].join('\n');

test('small files come home, large ones are fetched or given up in the page', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook([WRITE], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/files.ipynb`, content);
  await notebook.runOnSlurm(1, 'testbed');
  await expect(notebook.line(1)).toContainText('completed', { timeout: 60_000 });
  const words = '3 files, 220 MB: 1 came home, 2 on testbed';
  await expect(notebook.cell(1).locator('.sluice-CellLine')).toContainText(words);
  const panel = new JobsPanel(page);
  await panel.open();
  await expect(panel.finished().filter({ hasText: 'import pathlib' }).first()).toContainText(words);
  await notebook.cell(1).getByRole('button', { name: 'Files of this cell' }).click();
  const files = new JobFiles(page);
  await expect(files.summary).toHaveText(words);
  await expect(files.row('curve.csv')).toContainText('here');
  await files.press('Fetch', 'first.pt');
  await expect(files.row('first.pt')).toContainText('here', { timeout: 60_000 });
  await files.press('Give up', 'second.pt');
  await page.getByRole('dialog').getByRole('button', { name: 'Give up' }).click();
  await expect(files.row('second.pt')).toContainText('given up');
  await expect(files.summary).toHaveText('3 files, 220 MB: 2 came home, 1 given up');
  await expect(notebook.line(1)).toHaveText('');
  await files.press('Open', 'curve.csv');
  await expect(page.getByRole('main').getByRole('tab', { name: 'curve.csv' })).toBeVisible();
});
