import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { LabNotebookPage } from '../pages/lab-notebook-page';

test('a cell is sent elsewhere than its notebook says, and that stays with it', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook(['print(1)', 'print(2)'], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/target.ipynb`, content);
  await notebook.openMenu(1);
  await page.getByRole('menuitem', { name: 'Choose target…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(
    dialog.getByRole('radio', { name: /^testbed .*now, set by the notebook/ })
  ).toBeChecked();
  await dialog.getByRole('radio', { name: /^here / }).check();
  await dialog.getByRole('button', { name: 'Choose' }).click();
  await expect(await notebook.button(1, 'Run on Slurm: here')).toBeVisible();
  await expect(await notebook.button(2, 'Run on Slurm: testbed')).toBeVisible();
  await notebook.runOnSlurm(1, 'here');
  await expect(notebook.outputs(1)).toHaveText('1\n');
  await notebook.save();
  expect((await notebook.saved()).cells[0]!.metadata).toMatchObject({ sluice: { target: 'here' } });
});
