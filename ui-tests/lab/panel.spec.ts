import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';

test('a running cell is followed and canceled from the panel', async ({ page, tmpPath }) => {
  const title = 'print("follow me", flush=True)';
  const content = makeNotebook([`${title}\nimport time\ntime.sleep(60)`], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/cancel.ipynb`, content);
  const panel = new JobsPanel(page);
  await panel.open();
  await notebook.runOnSlurm(1, 'testbed');
  const live = panel.live().filter({ hasText: title });
  await expect(live).toContainText('running');
  await expect(live).toContainText('testbed');
  await expect(live).toContainText(/job \d+/);
  await expect(notebook.outputs(1)).toHaveText('follow me\n');
  await panel.press('Cancel', title);
  await expect(panel.finished().filter({ hasText: title })).toContainText('canceled');
  await expect(notebook.line(1)).toContainText('canceled');
  await expect(notebook.prompt(1)).not.toHaveText('[*]:');
  await expect(notebook.outputs(1).first()).toHaveText('follow me\n');
});

test('a finished job says “completed”, opens its log and leads to its cell', async ({
  page,
  tmpPath
}) => {
  const title = 'print("finished business")';
  const content = makeNotebook(['1', title], { target: 'here' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/finished.ipynb`, content);
  const panel = new JobsPanel(page);
  await panel.open();
  await notebook.runOnSlurm(2, 'here');
  await expect(panel.finished().filter({ hasText: title })).toContainText('completed');
  await panel.press('Log', title);
  await expect(page.getByRole('log', { name: 'Log' })).toHaveText('finished business\n');
  await page.notebook.activate('finished.ipynb');
  await notebook.select(1);
  await panel.press('Go to cell', title);
  await expect(notebook.cell(2)).toHaveClass(/jp-mod-active/);
});

test('the command opens the panel', async ({ page }) => {
  await page.menu.clickMenuItem('View>Slurm jobs');
  const { region } = new JobsPanel(page);
  await expect(region).toBeVisible();
  await expect(region).toContainText(/No jobs yet|Live|Finished/);
});

test('in the dark theme line and panel take the theme’s colours', async ({ page, tmpPath }) => {
  await page.theme.setDarkTheme();
  const title = 'raise ValueError("dark")';
  const content = makeNotebook([title], { target: 'here' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/dark.ipynb`, content);
  const panel = new JobsPanel(page);
  await panel.open();
  await notebook.runOnSlurm(1, 'here');
  await expect(notebook.line(1)).toContainText('failed');
  const line = notebook.cell(1).locator('.sluice-CellLine');
  for (const part of [line, panel.region]) {
    const { background, color } = await part.evaluate(node => {
      const style = getComputedStyle(node);
      return { background: style.backgroundColor, color: style.color };
    });
    expect(brightness(background)).toBeLessThan(0.35);
    expect(brightness(color)).toBeGreaterThan(0.6);
  }
});

/** From 0 (black) to 1 (white), of a colour as `getComputedStyle` gives it. */
function brightness(color: string): number {
  const parts = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const scale = color.startsWith('color(') ? 1 : 255;
  return parts.reduce((sum, part) => sum + part, 0) / 3 / scale;
}
