import { test } from '@jupyterlab/galata';
import { type Page, test as plainTest } from '@playwright/test';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';
import { NotebookPage } from '../pages/notebook-page';
import { fakeLife, lifeNotebook, takeLifeTour } from './life-tour';

test.use({ viewport: { width: 1400, height: 900 } });
plainTest.use({ viewport: { width: 1400, height: 900 } });
test.setTimeout(240_000);

const THEMES = { light: 'JupyterLab Light', dark: 'JupyterLab Dark' };

const setTheme = (page: Page, theme: string): Promise<unknown> =>
  page.evaluate(
    name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name }),
    theme
  );

for (const theme of ['light', 'dark'] as const) {
  test(`a task’s life: JupyterLab, ${theme}`, async ({ page, tmpPath }) => {
    await page.theme.setTheme(THEMES[theme]);
    const path = `${tmpPath}/life.ipynb`;
    const notebook = new LabNotebookPage(page, path);
    await notebook.upload(lifeNotebook());
    await fakeLife(page, path);
    await new JobsPanel(page).open();
    await page.sidebar.setWidth(340, 'right');
    await notebook.open();
    await page.sidebar.close('left');
    await takeLifeTour(page, notebook, `lab-${theme}`, { hasPanel: true });
  });
}

plainTest('a task’s life: Notebook 7', async ({ page }) => {
  plainTest.setTimeout(240_000);
  const path = 'life.ipynb';
  const notebook = new NotebookPage(page, { path });
  await notebook.upload(lifeNotebook());
  await fakeLife(page, path);
  await notebook.openInNotebook();
  await setTheme(page, THEMES.light);
  await takeLifeTour(page, notebook, 'notebook-7', { hasPanel: false });
});
