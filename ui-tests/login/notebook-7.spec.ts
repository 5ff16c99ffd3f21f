import { expect, test } from '@playwright/test';
import { makeNotebook } from '../notebooks';
import { DryRun } from '../pages/dry-run';
import { JobsPanel } from '../pages/jobs-panel';
import { NotebookPage } from '../pages/notebook-page';

const token = 'token-of-the-stories';

test('in Notebook 7, with token and XSRF check on, a cell runs on the cluster', async ({
  page
}) => {
  const notebook = new NotebookPage(page, { path: 'seven.ipynb', token });
  const source = 'import time\nprint("seven", flush=True)\ntime.sleep(3)\nseven = 7';
  await notebook.upload(makeNotebook([source, 'print("back", seven)'], { target: 'testbed' }));
  await notebook.openInNotebook();
  await notebook.runOnSlurm(1, 'testbed');
  await expect(notebook.prompt(1)).toHaveText('[*]:');
  await expect(notebook.outputs(1)).toHaveText('seven\n');
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  await notebook.runHere(2);
  await expect(notebook.outputs(2)).toHaveText('back 7\n');
});

test('in Notebook 7 the panel opens by its command', async ({ page }) => {
  const notebook = new NotebookPage(page, { path: 'panel.ipynb', token });
  await notebook.upload(makeNotebook(['print(1)'], { target: 'here' }));
  await notebook.openInNotebook();
  await notebook.runOnSlurm(1, 'here');
  await expect(notebook.outputs(1)).toHaveText('1\n');
  await page.getByRole('menuitem', { name: 'View', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Slurm jobs' }).click();
  const panel = new JobsPanel(page);
  await expect(panel.finished().filter({ hasText: 'print(1)' })).toContainText('completed');
});

test('in Notebook 7 a dry run is read and rehearsed beside the notebook, by keyboard alone', async ({
  page
}) => {
  const notebook = new NotebookPage(page, { path: 'dry.ipynb', token });
  const source = 'print("rehearsed")\nlen(open("".join(reversed("txt.eton"))).read())';
  await notebook.upload(makeNotebook([source], { target: 'testbed' }));
  await notebook.uploadBeside('note.txt', 'a note\n');
  await notebook.openInNotebook();
  await notebook.button(1, 'Run on Slurm: testbed');
  const dryRun = new DryRun(page);
  await dryRun.walkByKeyboard();
  await expect(dryRun.rehearsal).toContainText(/File\s.*note\.txt/);
  await dryRun.button('Close').focus();
  await page.keyboard.press('Enter');
  await expect(dryRun.region).toHaveCount(0);
  await expect(notebook.cell(1)).toBeVisible();
});

test('in Notebook 7 the dry run of the magic is shown as a view', async ({ page }) => {
  const notebook = new NotebookPage(page, { path: 'dry-magic.ipynb', token });
  await notebook.upload(makeNotebook(['%%slurm testbed --dry-run\nprint(1)']));
  await notebook.openInNotebook();
  const view = notebook.cell(1).locator('.sluice-PlanOutput');
  // The magic comes into the kernel by itself, some time after the kernel's start.
  await expect(async () => {
    await notebook.runHere(1);
    await expect(notebook.outputs(1)).toBeVisible();
    await expect(view).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(view).toContainText(
    'Only the cell itself would travel to testbed. Nothing was sent.'
  );
});

test('without the token nothing is answered, without XSRF proof nothing is done', async ({
  page,
  playwright,
  baseURL
}) => {
  const stranger = await playwright.request.newContext({ baseURL });
  expect((await stranger.get('/sluice/api/tasks')).status()).toBe(403);
  expect((await stranger.post('/sluice/api/submit', { data: {} })).status()).toBe(403);
  await stranger.dispose();
  await page.goto(`/lab?token=${token}`);
  const status = await page.evaluate(async () => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch('/sluice/api/cancel/x', { method: 'POST', body: '{}', headers });
    return answer.status;
  });
  expect(status).toBe(403);
});
