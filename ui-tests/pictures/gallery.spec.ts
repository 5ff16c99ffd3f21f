import { test } from '@jupyterlab/galata';
import { type Page, test as plainTest } from '@playwright/test';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';
import { NotebookPage } from '../pages/notebook-page';
import { takeTour, tourNotebook } from './tour';

test.use({ viewport: { width: 1400, height: 900 } });
plainTest.use({ viewport: { width: 1400, height: 900 } });
test.setTimeout(240_000);

const THEMES = { light: 'JupyterLab Light', dark: 'JupyterLab Dark' };

const setTheme = (page: Page, theme: string): Promise<unknown> =>
  page.evaluate(
    name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name }),
    theme
  );

type Frame = { name: string; theme: keyof typeof THEMES; width?: number; forced?: boolean };

const LAB: Frame[] = [
  { name: 'lab-light', theme: 'light' },
  { name: 'lab-dark', theme: 'dark' },
  { name: 'lab-narrow', theme: 'light', width: 900 },
  { name: 'lab-forced-colors', theme: 'dark', forced: true }
];

for (const { name, theme, width, forced } of LAB) {
  test(`all states: ${name}`, async ({ page, tmpPath }) => {
    if (forced) {
      await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    }
    await page.theme.setTheme(THEMES[theme]);
    const notebook = await LabNotebookPage.create(page, `${tmpPath}/tour.ipynb`, tourNotebook());
    await page.sidebar.close('left');
    if (width !== undefined) {
      await page.setViewportSize({ width, height: 900 });
    } else {
      await new JobsPanel(page).open();
    }
    await takeTour(page, notebook, name);
  });
}

for (const theme of ['light', 'dark'] as const) {
  plainTest(`all states: Notebook 7, ${theme}`, async ({ page }) => {
    plainTest.setTimeout(240_000);
    const notebook = new NotebookPage(page, { path: `tour-${theme}.ipynb` });
    await notebook.upload(tourNotebook());
    await notebook.openInNotebook();
    await setTheme(page, THEMES[theme]);
    try {
      await takeTour(page, notebook, `notebook-7-${theme}`);
    } finally {
      await setTheme(page, THEMES.light);
    }
  });
}
