import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';

test('without the server half, cell and panel say what to install', async ({ page, tmpPath }) => {
  const content = makeNotebook(['print(1)', 'print("the kernel works")']);
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/missing.ipynb`, content);
  const panel = new JobsPanel(page);
  await panel.open();
  await expect(panel.region.getByRole('alert')).toContainText('pip install jupyterlab-sluice');
  await notebook.runOnSlurm(1, '…');
  await expect(notebook.outputs(1)).toContainText('The server half of Sluice is not running');
  await expect(notebook.outputs(1)).toContainText('pip install jupyterlab-sluice');
  await expect(notebook.prompt(1)).toHaveText('[ ]:');
  await notebook.runHere(2);
  await expect(notebook.outputs(2)).toHaveText('the kernel works\n');
});
