import path from 'node:path';
import { expect, test } from '@jupyterlab/galata';
import { test as plainTest } from '@playwright/test';
import { makeNotebook } from '../notebooks';
import { DryRun } from '../pages/dry-run';
import { LabNotebookPage } from '../pages/lab-notebook-page';
import { NotebookPage } from '../pages/notebook-page';

const TOP = path.join(__dirname, '..', '..');
const IMAGES = path.join(TOP, 'docs', 'images');
const LOOKED_AT = path.join(TOP, 'build', 'pictures');

test.use({ viewport: { width: 1280, height: 800 } });

const SETUP = `import numpy as np
from rain import smooth

field = np.ones((1000, 1500))
threshold = 0.3
labels = {"north": [1, 2], "south": [3]}`;

const CELL = `import importlib

with open("rain.csv") as file:
    rows = file.read().splitlines()
dry = smooth(field) < threshold
archive = open("/scratch/hydro/1990.csv").read() if "old" in labels else None
importlib.import_module("".join(reversed("ecuas_terces")))
dry.sum(), len(rows)`;

const RAIN = `import numpy as np


def smooth(values):
    return (values + np.roll(values, 1)) / 2
`;

async function fill(notebook: NotebookPage): Promise<void> {
  await notebook.uploadBeside('rain.py', RAIN);
  await notebook.uploadBeside('secret_sauce.py', 'sauce = 1\n');
  await notebook.uploadBeside('rain.csv', 'day,mm\n1,3.2\n2,0.0\n');
  await notebook.runHere(1);
  await expect(notebook.prompt(1)).toHaveText('[1]:');
}

/** Only the first goes into the documentation; the others are there to be looked at. */
const THEMES = { 'JupyterLab Light': IMAGES, 'JupyterLab Dark': LOOKED_AT };

for (const [theme, folder] of Object.entries(THEMES)) {
  test(`a dry run in JupyterLab, ${theme}`, async ({ page, tmpPath }) => {
    await page.theme.setTheme(theme);
    const content = makeNotebook([SETUP, CELL], { target: 'testbed' });
    const notebook = await LabNotebookPage.create(page, `${tmpPath}/rain.ipynb`, content);
    await fill(notebook);
    await page.sidebar.close('left');
    await notebook.openMenu(2);
    await expect(page.getByRole('menu')).toContainText('Would send 1 module');
    await page.screenshot({ path: path.join(LOOKED_AT, `${theme}-menu.png`) });
    await page.getByRole('menuitem', { name: 'Dry run on Slurm' }).press('Enter');
    const dryRun = new DryRun(page);
    await expect(dryRun.summary).toContainText('would travel to testbed');
    await page.screenshot({ path: path.join(folder, 'dry-run.png') });
    await dryRun.button('Rehearse here').click();
    await dryRun.agree();
    await expect(dryRun.rehearsal).toContainText('secret_sauce');
    await page.screenshot({ path: path.join(LOOKED_AT, `${theme}-rehearsal.png`) });
  });
}

plainTest('a dry run in Notebook 7', async ({ page }) => {
  const notebook = new NotebookPage(page, { path: 'rain.ipynb' });
  await notebook.upload(makeNotebook([SETUP, CELL], { target: 'testbed' }));
  await notebook.openInNotebook();
  await fill(notebook);
  await notebook.select(2);
  await page.keyboard.press('Alt+Shift+Enter');
  await expect(new DryRun(page).summary).toContainText('would travel to testbed');
  await page.screenshot({ path: path.join(IMAGES, 'dry-run-notebook-7.png') });
});
