import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';
import { LoginDialog } from '../pages/login-dialog';

test('a new host shows its key, then asks round after round, and the cell runs', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook(['print("let in")', 'print("at once")'], { target: 'phone' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/phone.ipynb`, content);
  const login = new LoginDialog(page);
  await notebook.runOnSlurm(1, 'phone');
  await login.acceptHostKey('phone');
  await expect(login.dialog).toContainText('Welcome to the cluster.');
  await login.answerBothRounds('phone');
  await expect(notebook.outputs(1)).toHaveText('let in\n', { timeout: 60_000 });
  // One login is enough.
  await notebook.runOnSlurm(2, 'phone');
  await expect(notebook.outputs(2)).toHaveText('at once\n', { timeout: 60_000 });
});

test('who gives a login up finds “Log in” at the cell and in the panel', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook(['print("later")'], { target: 'phone-later' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/later.ipynb`, content);
  const login = new LoginDialog(page);
  await notebook.runOnSlurm(1, 'phone-later');
  await login.acceptHostKey('phone-later');
  await expect(login.field('Password')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(login.dialog).toHaveCount(0);
  await expect(notebook.line(1)).toContainText('needs login');
  const panel = new JobsPanel(page);
  await panel.open();
  await expect(
    panel.live().getByRole('button', { name: 'Log in: phone-later', exact: true })
  ).toBeVisible();
  await notebook.cell(1).getByRole('button', { name: 'Log in, so that this cell goes on' }).click();
  await login.answerBothRounds('phone-later');
  await expect(notebook.outputs(1)).toHaveText('later\n', { timeout: 60_000 });
});
