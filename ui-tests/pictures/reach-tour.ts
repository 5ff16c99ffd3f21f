import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { makeNotebook, type NotebookContent } from '../notebooks';
import { Doctor } from '../pages/doctor';
import { JobFiles } from '../pages/job-files';
import { LoginDialog } from '../pages/login-dialog';
import type { NotebookPage } from '../pages/notebook-page';

const LOOKED_AT = path.join(__dirname, '..', '..', 'build', 'pictures');
const IMAGES = path.join(__dirname, '..', '..', 'docs', 'images');
/** The tour whose pictures the documentation shows. */
const DOCUMENTED = 'lab-light';

const WRITE = `import pathlib
for n in range(14):
    pathlib.Path(f"station_{n:02}.csv").write_text("day,mm\\n" * 100)
pathlib.Path("run.log").write_text("epoch 1\\n")
for name in ("checkpoint_epoch_0010.pt", "checkpoint_epoch_0020.pt"):
    open(name, "wb").truncate(110_000_000)`;

/** A cell for a host that asks, and one that writes files. */
export function reachNotebook(host: string): NotebookContent {
  const content = makeNotebook(['print("let in")', WRITE]);
  content.cells[0]!.metadata = { sluice: { target: host } };
  content.cells[1]!.metadata = { sluice: { target: 'testbed' } };
  return content;
}

/** Goes to what a person sees of logins, files, targets and the doctor; pictures of all. */
export async function takeReachTour(
  page: Page,
  notebook: NotebookPage,
  { name, host }: { name: string; host: string }
): Promise<void> {
  const shoot = async (what: string): Promise<void> => {
    await page.screenshot({ path: path.join(LOOKED_AT, name, `${what}.png`) });
  };
  const document = async (what: string, part: Locator, to = part): Promise<void> => {
    if (name === DOCUMENTED) {
      await part.scrollIntoViewIfNeeded();
      const [first, last] = [await part.boundingBox(), await to.boundingBox()];
      const { x, y, width } = first!;
      const clip = { x, y, width, height: last!.y + last!.height - y };
      await page.screenshot({ path: path.join(IMAGES, `${what}.png`), clip });
    }
  };
  const login = new LoginDialog(page);
  await notebook.runOnSlurm(1, host);
  await expect(login.button('Accept and store')).toBeVisible();
  await shoot('login-host-key');
  await page.keyboard.press('Escape');
  await expect(notebook.line(1)).toContainText('needs login');
  await shoot('login-needed');
  await notebook.cell(1).getByRole('button', { name: 'Log in, so that this cell goes on' }).click();
  await login.acceptHostKey(host);
  await expect(login.field('Password')).toBeVisible();
  await page.keyboard.type('open sesame');
  await shoot('login-password');
  await document('login', login.dialog.locator('.jp-Dialog-content'));
  await page.keyboard.press('Enter');
  await expect(login.field('Verification code')).toBeVisible();
  await shoot('login-code');
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await expect(login.dialog).toHaveCount(0);

  await notebook.runOnSlurm(2, 'testbed');
  await expect(notebook.line(2)).toContainText('completed', { timeout: 60_000 });
  await shoot('files-line');
  await notebook.cell(2).getByRole('button', { name: 'Files of this cell' }).click();
  const files = new JobFiles(page);
  await expect(files.row('run.log')).toBeVisible();
  await shoot('files');
  await document('files', files.region);
  await files.press('Give up', 'checkpoint_epoch_0010.pt');
  await expect(page.getByRole('dialog')).toBeVisible();
  await shoot('files-give-up');
  await page.keyboard.press('Escape');
  await files.region.getByRole('button', { name: 'Fetch all' }).click();
  await expect(files.region.getByRole('button', { name: 'Cancel fetching' })).toBeEnabled();
  await shoot('files-fetching');
  await expect(files.summary).toContainText('all came home', { timeout: 60_000 });
  await shoot('files-fetched');
  await files.region.getByRole('button', { name: 'Close' }).click();

  await notebook.openMenu(2);
  await shoot('target-menu');
  await page.getByRole('menuitem', { name: 'Choose target…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await shoot('target-choice');
  await page.keyboard.press('Escape');

  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Check a target…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await shoot('doctor-dialog');
  await page.keyboard.press('Escape');
  const good = new Doctor(page, 'testbed');
  await good.start();
  await expect(good.verdict).toContainText('Checking: ');
  await shoot('doctor-running');
  await expect(good.verdict).toContainText(/ready|works/, { timeout: 60_000 });
  await shoot('doctor-passed');
  await good.button('Close').click();
  const picky = new Doctor(page, 'picky');
  await picky.start();
  await expect(picky.region.locator('.sluice-DoctorProposal')).toBeVisible({ timeout: 60_000 });
  await shoot('doctor-failed');
  const step = (id: string): Locator => picky.region.locator(`[data-step="${id}"]`);
  await step('disk').scrollIntoViewIfNeeded();
  await document('doctor', step('slurm'), step('disk'));
  await picky.region.locator('.sluice-DoctorProposal').scrollIntoViewIfNeeded();
  await shoot('doctor-proposal');
  await picky.button('Close').click();
}
