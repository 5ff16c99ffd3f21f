import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { LabNotebookPage } from '../pages/lab-notebook-page';

const PROJECT = `[targets.of-the-project]
scheduler = "slurm"
partition = "main"
`;

test('a target that only the project of the notebook defines is offered and checked', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/project.ipynb`;
  await new LabNotebookPage(page, path).uploadBeside('sluice.toml', PROJECT);
  const notebook = await LabNotebookPage.create(page, path, makeNotebook(['print(1)']));
  await notebook.cell(1).click();
  await notebook.openMenu(1);
  await page.getByRole('menuitem', { name: 'Choose target…' }).click();
  const choice = page.getByRole('dialog');
  await expect(choice.getByLabel(/^of-the-project/)).toBeVisible();
  await page.keyboard.press('Escape');

  // Checked for real it would write into this account's home.
  const asked = page.waitForRequest(/\/sluice\/api\/doctor/);
  await page.route(/\/sluice\/api\/doctor/, route => route.abort());
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Check a target…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Target or host').selectOption('of-the-project');
  await dialog.getByRole('button', { name: 'Check' }).click();
  expect((await asked).postDataJSON()).toEqual({
    target: 'of-the-project',
    projectDir: expect.stringMatching(new RegExp(`^/.*/${tmpPath}$`)),
    pythonVersion: expect.stringMatching(/^3\.\d+\./)
  });
});
