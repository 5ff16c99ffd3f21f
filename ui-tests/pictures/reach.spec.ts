import { test } from '@jupyterlab/galata';
import { test as plainTest } from '@playwright/test';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';
import { NotebookPage } from '../pages/notebook-page';
import { reachNotebook, takeReachTour } from './reach-tour';

test.use({ viewport: { width: 1400, height: 900 } });
plainTest.use({ viewport: { width: 1400, height: 900 } });
test.setTimeout(240_000);

const THEMES = {
  light: 'JupyterLab Light',
  dark: 'JupyterLab Dark',
  forced: 'JupyterLab Dark'
};

for (const [name, theme] of Object.entries(THEMES)) {
  test(`logins, files, targets and the doctor: ${name}`, async ({ page, tmpPath }) => {
    if (name === 'forced') {
      await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    }
    await page.theme.setTheme(theme);
    const host = `phone-${name}`;
    const content = reachNotebook(host);
    const notebook = await LabNotebookPage.create(page, `${tmpPath}/reach.ipynb`, content);
    await page.sidebar.close('left');
    await new JobsPanel(page).open();
    await page.sidebar.setWidth(320, 'right');
    await takeReachTour(page, notebook, { name: `lab-${name}`, host });
  });
}

plainTest('logins, files, targets and the doctor: Notebook 7', async ({ page }) => {
  plainTest.setTimeout(240_000);
  const notebook = new NotebookPage(page, { path: 'reach.ipynb' });
  await notebook.upload(reachNotebook('phone-seven'));
  await notebook.openInNotebook();
  await takeReachTour(page, notebook, { name: 'notebook-7-light', host: 'phone-seven' });
});
