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
  const shown = await login.countShown();
  await notebook.runOnSlurm(1, 'phone');
  await expect(login.button('Accept and store')).toBeVisible();
  await expect(notebook.line(1)).toContainText('waiting for your answer to phone');
  await login.acceptHostKey('phone');
  await expect(login.dialog).toContainText('Welcome to the cluster.');
  await login.answerBothRounds('phone');
  // One dialog from the key to the last round: nothing comes and goes between them.
  expect(await shown()).toBe(1);
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

test('a wrong password is said to be one, and the cell can be run again', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook(['print("at last")'], { target: 'phone-wrong' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/wrong.ipynb`, content);
  const login = new LoginDialog(page);
  await notebook.runOnSlurm(1, 'phone-wrong');
  await login.acceptHostKey('phone-wrong');
  await expect(login.field('Password')).toBeFocused();
  await page.keyboard.type('open barley');
  await page.keyboard.press('Enter');
  await expect(notebook.line(1)).toContainText('failed');
  await expect(notebook.line(1)).toContainText('phone-wrong');
  await expect(login.dialog).toHaveCount(0);
  await notebook.runOnSlurm(1, 'phone-wrong');
  await login.answerBothRounds('phone-wrong');
  await expect(notebook.outputs(1)).toHaveText('at last\n', { timeout: 60_000 });
});

test('a question is shown in each window, and is over in all once it was answered in one', async ({
  page,
  baseURL,
  tmpPath
}) => {
  const content = makeNotebook(['print("from either")'], { target: 'phone-tabs' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/tabs.ipynb`, content);
  const login = new LoginDialog(page);
  const other = await page.context().newPage();
  const loginThere = new LoginDialog(other);
  await other.goto(`${baseURL}/lab/workspaces/second`);
  await new JobsPanel(other).open();
  await expect(other.getByRole('region', { name: 'Slurm jobs', exact: true })).toBeVisible();
  await notebook.runOnSlurm(1, 'phone-tabs');
  await expect(login.button('Accept and store')).toBeVisible();
  await loginThere.acceptHostKey('phone-tabs');
  await expect(loginThere.field('Password')).toBeFocused();
  await expect(login.field('Password')).toBeVisible();
  await login.field('Password').fill('open sesame');
  await login.field('Password').press('Enter');
  await expect(login.field('Verification code')).toBeVisible();
  await loginThere.field('Verification code').fill('123456');
  await loginThere.field('Verification code').press('Enter');
  await expect(login.dialog).toHaveCount(0);
  await expect(loginThere.dialog).toHaveCount(0);
  await expect(notebook.outputs(1)).toHaveText('from either\n', { timeout: 60_000 });
  await other.close();
});
